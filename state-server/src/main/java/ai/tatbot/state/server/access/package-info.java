/** Who may do what: tokens, scopes, rates, and the trail of writes. Knows nothing of HTTP. */
@NullMarked
package ai.tatbot.state.server.access;

import org.jspecify.annotations.NullMarked;
