/** A node's health: measures it and reports it on a schedule. Needs OSHI ({@code com.github.oshi:oshi-core}). */
@NullMarked
package ai.tatbot.state.client.health;

import org.jspecify.annotations.NullMarked;
