/**
 * Who may do what on Redis: the roles of the schema, and the access rules of Redis that follow from them. Redis 7.0 and later, for
 * 6.2 has neither rights to read only, nor rules for a part of the keys.
 */
@NullMarked
package ai.tatbot.state.server.rights;

import org.jspecify.annotations.NullMarked;
