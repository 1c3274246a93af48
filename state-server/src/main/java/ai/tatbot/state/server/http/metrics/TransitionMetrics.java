package ai.tatbot.state.server.http.metrics;

import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.CustomEvent;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.EventClass;
import ai.tatbot.state.model.EventType;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionEndReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts transitions by the types of the schema, and sessions that ended by their reason. All series are there from the start, at 0: a first
 * error that made its own series would be no increase.
 */
final class TransitionMetrics {
    private static final String CUSTOM = "custom";

    private final Map<String, Counter> types = new HashMap<>();
    private final Map<SessionEndReason, Counter> ends = new EnumMap<>(SessionEndReason.class);
    private final Counter custom;
    private final Counter unexplained;

    TransitionMetrics(MeterRegistry registry) {
        for (ChannelKind<? extends Event> channel : Channels.all()) {
            for (EventType<? extends Event> event : channel.eventTypes()) {
                String type = event.type();
                if (event.eventClass() == EventClass.TRANSITION && type != null) {
                    types.put(type, type(registry, type));
                }
            }
        }
        for (SessionEndReason reason : SessionEndReason.values()) {
            ends.put(reason, end(registry, reason.name().toLowerCase(Locale.ROOT)));
        }
        this.custom = type(registry, CUSTOM);
        this.unexplained = end(registry, "unknown");
    }

    private static Counter type(MeterRegistry registry, String type) {
        return Counter.builder("tatbot.transitions")
                .description("Transitions that the server was told of, by type; custom: those of applications.")
                .tag("type", type)
                .register(registry);
    }

    private static Counter end(MeterRegistry registry, String reason) {
        return Counter.builder("tatbot.sessions.ended")
                .description("Stroke sessions that have ended, by reason; unknown: their node did not say.")
                .tag("reason", reason)
                .register(registry);
    }

    void count(Event event) {
        // An application may call its events what it likes, also like one of the schema's.
        Counter type = event instanceof CustomEvent ? custom : types.get(event.type());
        (type == null ? custom : type).increment();
        if (event instanceof SessionEnd session) {
            end(session.reason()).increment();
        }
    }

    private Counter end(@Nullable SessionEndReason reason) {
        Counter known = reason == null ? null : ends.get(reason);
        return known == null ? unexplained : known;
    }
}
