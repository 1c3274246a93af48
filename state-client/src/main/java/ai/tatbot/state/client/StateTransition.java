package ai.tatbot.state.client;

import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Event;

/**
 * A transition: a session that starts or ends, a node that comes or goes, an error.
 *
 * @param channel where it was published
 * @param event what was
 * @param caughtUp whether it was read from {@code events:log} because it, or one before it, was missed when it was published
 */
public record StateTransition(Channel<? extends Event> channel, Event event, boolean caughtUp) {}
