/** The state without blocking. Needs Lettuce ({@code io.lettuce:lettuce-core}). */
@NullMarked
package ai.tatbot.state.client.async;

import org.jspecify.annotations.NullMarked;
