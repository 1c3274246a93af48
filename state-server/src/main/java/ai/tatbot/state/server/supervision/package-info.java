/** What tells the service manager of the system how the server is. */
@NullMarked
package ai.tatbot.state.server.supervision;

import org.jspecify.annotations.NullMarked;
