package ai.tatbot.state.server.live;

import ai.tatbot.state.client.SystemStatus.Node;
import ai.tatbot.state.client.SystemStatus.RedisServer;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.server.live.Alert.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The fleet at one moment, from this server's memory.
 *
 * @param at when this was put together
 * @param server this process
 * @param address where Redis is
 * @param link how far all this can be relied upon
 * @param redis the Redis that answered last; null if none has yet
 * @param nodes every known node, by name
 * @param active sessions that are executing or paused, the one last written first
 * @param alerts what someone should look at, the worst first
 */
public record FleetStatus(
        Instant at,
        Server server,
        String address,
        WatchStatus link,
        @Nullable RedisServer redis,
        List<Node> nodes,
        List<Versioned<StrokeProgress>> active,
        List<Alert> alerts)
        implements JsonWritable {

    /**
     * This process.
     *
     * @param instance its name among all processes that there were
     * @param started when it began
     */
    public record Server(String instance, Instant started) {
        /** Of the jar; "development" if there is none. */
        public static String version() {
            String version = FleetStatus.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }

    /** All in one word. */
    public enum Verdict {
        /** Nothing to look at. */
        OK,
        /** There are alerts. */
        DEGRADED,
        /** Redis is not there: what is shown may be old. */
        DOWN;

        /** As it stands in JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static FleetStatus of(
            Server server,
            String address,
            WatchStatus link,
            @Nullable RedisServer redis,
            List<Node> nodes,
            List<Versioned<StrokeProgress>> sessions) {
        Instant now = Instant.now();
        List<Versioned<StrokeProgress>> active = sessions.stream()
                .filter(session -> session.value().isExecuting())
                .sorted(Comparator.comparing((Versioned<StrokeProgress> session) -> session.lastUpdated())
                        .reversed())
                .toList();
        Set<String> executing =
                active.stream().map(session -> session.value().nodeId()).collect(Collectors.toSet());
        Alerts alerts = new Alerts();
        alerts.link(link, address, now);
        alerts.memory(redis);
        alerts.sessions(active);
        nodes.forEach(node -> alerts.node(node, executing.contains(node.id())));
        return new FleetStatus(now, server, address, link, redis, nodes, active, alerts.worstFirst());
    }

    /** All in one word. */
    public Verdict verdict() {
        if (!link.isLive()) {
            return Verdict.DOWN;
        }
        return alerts.isEmpty() ? Verdict.OK : Verdict.DEGRADED;
    }

    /** How many nodes are online. */
    public long nodesOnline() {
        return nodes.stream().filter(Node::online).count();
    }

    /** Whether there is an alert of this severity or worse. */
    public boolean hasAlert(Severity severity) {
        return alerts.stream().anyMatch(alert -> alert.severity().compareTo(severity) >= 0);
    }

    @Override
    public void writeTo(JsonGenerator out) {
        writeTo(out, true);
    }

    /** @param detailed whether to write the nodes' documents, too */
    public void writeTo(JsonGenerator out, boolean detailed) {
        out.writeStartObject();
        out.writeStringProperty("status", verdict().text());
        Json.time(out, "at", at);
        out.writeObjectPropertyStart("server");
        out.writeStringProperty("version", Server.version());
        out.writeStringProperty("instance", server.instance());
        out.writeNumberProperty(
                "uptime_s", Duration.between(server.started(), at).toSeconds());
        out.writeEndObject();
        out.writeObjectPropertyStart("redis");
        Json.link(out, link, at);
        out.writeStringProperty("address", address);
        out.writeStringProperty("kind", redis == null ? null : redis.kind());
        out.writeStringProperty("version", redis == null ? null : redis.version());
        Json.number(out, "used_memory_bytes", redis == null ? null : redis.usedMemory());
        Json.number(out, "max_memory_bytes", redis == null ? null : redis.maxMemory());
        out.writeEndObject();
        out.writeNumberProperty("nodes_online", nodesOnline());
        out.writeNumberProperty("nodes_total", nodes.size());
        out.writeArrayPropertyStart("nodes");
        nodes.forEach(node -> write(out, node, detailed));
        out.writeEndArray();
        Json.document(out, "current_session", active.isEmpty() ? null : active.get(0), at);
        out.writeArrayPropertyStart("active_sessions");
        active.forEach(session -> out.writeString(session.key().id()));
        out.writeEndArray();
        out.writeArrayPropertyStart("alerts");
        alerts.forEach(alert -> alert.writeTo(out));
        out.writeEndArray();
        out.writeEndObject();
    }

    private void write(JsonGenerator out, Node node, boolean detailed) {
        out.writeStartObject();
        out.writeStringProperty("id", node.id());
        out.writeStringProperty("condition", Alerts.text(node.condition()));
        out.writeBooleanProperty("online", node.online());
        Json.time(out, "since", node.since());
        if (detailed) {
            Json.document(out, "health", node.health(), at);
            Json.document(out, "robot", node.robot(), at);
        }
        out.writeEndObject();
    }
}
