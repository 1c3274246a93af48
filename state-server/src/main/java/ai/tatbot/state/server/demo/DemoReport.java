package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.SystemStatus.RedisServer;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Text;
import java.time.Duration;

/**
 * What came of one session.
 *
 * @param redis the Redis that it went through
 * @param sessionId its id
 * @param counts what was written and received
 * @param outages how often demo-ook's view stopped being live
 * @param longestStale how old its view was at most
 */
public record DemoReport(RedisServer redis, String sessionId, Counts counts, int outages, Duration longestStale) {
    /** Whether every transition arrived, and the last position of everything, in order. */
    public boolean isSound() {
        return counts.lost() == 0 && counts.outOfOrder() == 0;
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
            out.writeNumberProperty("lost", counts.lost());
            out.writeNumberProperty("out_of_order", counts.outOfOrder());
            out.writeObjectPropertyStart("latency_us");
            out.writeNumberProperty("p50", counts.p50Micros());
            out.writeNumberProperty("p99", counts.p99Micros());
            out.writeEndObject();
            out.writeNumberProperty("conflated", counts.conflated());
            out.writeNumberProperty("lost_transitions", counts.lostTransitions());
            out.writeNumberProperty("outages", outages);
            out.writeNumberProperty("longest_stale_ms", longestStale.toMillis());
        });
    }

    /** In one line. */
    public String text() {
        return delivery() + "; " + latency() + (outages == 0 ? "" : "; " + staleness());
    }

    /** What arrived. */
    String delivery() {
        return Text.count(counts.updates(), "update") + " and "
                + Text.count(counts.writes() - counts.updates(), "other event") + " written, " + counts.events()
                + " received: " + counts.lost() + " lost, " + counts.outOfOrder() + " out of order" + conflated();
    }

    private String conflated() {
        return counts.conflated() == 0 ? "" : ", " + counts.conflated() + " conflated";
    }

    /** What became of the view; empty if it was live all the time. */
    String staleness() {
        return outages == 0
                ? ""
                : "the view was stale " + Text.count(outages, "time") + ", for " + Text.span(longestStale)
                        + " at most, " + Text.count(counts.lostTransitions(), "transition") + " lost";
    }

    /** How fast. */
    String latency() {
        return "from writer to listener: median " + Text.micros(counts.p50Micros()) + ", p99 "
                + Text.micros(counts.p99Micros());
    }
}
