package ai.tatbot.state.model;

import org.jspecify.annotations.Nullable;

/**
 * One kind of event on a channel.
 *
 * @param type value of the event's {@code type} field; null where the channel is open to types of any name
 * @param eventClass whether it may be conflated
 * @param json its Java class and how it is read
 */
public record EventType<E extends Event>(@Nullable String type, EventClass eventClass, JsonType<? extends E> json) {}
