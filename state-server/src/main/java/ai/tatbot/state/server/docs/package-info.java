/**
 * The documentation as pages: what lies in the project's {@code docs/} and beside its parts, and a reference that is made of the schema and the
 * program itself.
 */
@NullMarked
package ai.tatbot.state.server.docs;

import org.jspecify.annotations.NullMarked;
