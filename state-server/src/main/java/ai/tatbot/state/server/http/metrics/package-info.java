/** Figures of this process and of the fleet, for Prometheus. */
@NullMarked
package ai.tatbot.state.server.http.metrics;

import org.jspecify.annotations.NullMarked;
