/**
 * The client: {@link ai.tatbot.state.client.StateManager} stores and reads the state of a robot's nodes in Redis, and
 * publishes and receives their events.
 */
@NullMarked
package ai.tatbot.state.client;

import org.jspecify.annotations.NullMarked;
