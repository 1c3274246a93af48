package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.SystemStatus.RedisServer;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Text;

/**
 * What came of one session.
 *
 * @param redis the Redis that it went through
 * @param sessionId its id
 * @param counts what was written and received
 */
public record DemoReport(RedisServer redis, String sessionId, Counts counts) {
    /** Whether everything arrived, in order. */
    public boolean isSound() {
        return counts.missing() == 0 && counts.outOfOrder() == 0;
    }

    /** As one JSON object. */
    public String json() {
        return JsonText.object(out -> {
            out.writeObjectPropertyStart("redis");
            out.writeStringProperty("kind", redis.kind());
            out.writeStringProperty("version", redis.version());
            out.writeEndObject();
            out.writeStringProperty("session_id", sessionId);
            out.writeNumberProperty("updates", counts.updates());
            out.writeNumberProperty("events", counts.events());
            out.writeNumberProperty("lost", counts.missing());
            out.writeNumberProperty("out_of_order", counts.outOfOrder());
            out.writeObjectPropertyStart("latency_us");
            out.writeNumberProperty("p50", counts.p50Micros());
            out.writeNumberProperty("p99", counts.p99Micros());
            out.writeEndObject();
        });
    }

    /** In one line. */
    public String text() {
        return delivery() + "; " + latency();
    }

    /** What arrived. */
    String delivery() {
        return Text.count(counts.updates(), "update") + " and "
                + Text.count(counts.writes() - counts.updates(), "other event") + " written, " + counts.events()
                + " received: " + counts.missing() + " lost, " + counts.outOfOrder() + " out of order";
    }

    /** How fast. */
    String latency() {
        return "from writer to listener: median " + Text.micros(counts.p50Micros()) + ", p99 "
                + Text.micros(counts.p99Micros());
    }
}
