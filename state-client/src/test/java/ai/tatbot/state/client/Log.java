package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.Eavesdropper.Heard;
import ai.tatbot.state.client.faultkit.RedisUnderTest;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import redis.clients.jedis.Jedis;

/** The transitions that a Redis has logged, and that were published. */
final class Log {
    private Log() {}

    /** Everything in {@code events:log} of these types, oldest first. */
    static List<Event> logged(RedisUnderTest redis, String... types) {
        try (Jedis jedis = redis.jedis()) {
            return jedis.xrange("events:log", "-", "+").stream()
                    .map(entry -> event(
                            Objects.requireNonNull(entry.getFields().get("channel")),
                            Objects.requireNonNull(entry.getFields().get("event"))))
                    .filter(event -> List.of(types).contains(event.type()))
                    .toList();
        }
    }

    /** What was published of these types since the last call; it must be what is logged, with its id. */
    static List<Event> heard(Eavesdropper eavesdropper, String... types) {
        List<Event> events = eavesdropper.soFar().stream()
                .map(Log::event)
                .filter(event -> List.of(types).contains(event.type()))
                .toList();
        assertThat(events).allSatisfy(event -> assertThat(event.eventId()).isNotNull());
        return events;
    }

    static Event event(Heard heard) {
        return event(heard.channel(), heard.message());
    }

    private static Event event(String channel, String message) {
        return Channels.parse(channel).orElseThrow().kind().read(message.getBytes(StandardCharsets.UTF_8));
    }
}
