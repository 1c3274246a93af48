/** How the client talks to Redis. Not for applications: changes without notice. */
@NullMarked
package ai.tatbot.state.client.internal;

import org.jspecify.annotations.NullMarked;
