package ai.tatbot.state.client;

import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fleet at one moment.
 *
 * @param at when this was put together, by this process's clock
 * @param redis the Redis that answered
 * @param nodes every known node, by name
 * @param sessions every known session, the one last written first
 * @param problems documents that could not be read
 */
public record SystemStatus(
        Instant at,
        RedisServer redis,
        List<Node> nodes,
        List<Versioned<StrokeProgress>> sessions,
        List<Problem> problems) {

    /** Sessions that are executing or paused, the one last written first. An ended session is not among them. */
    public List<Versioned<StrokeProgress>> activeSessions() {
        return sessions.stream()
                .filter(session -> session.value().isExecuting())
                .toList();
    }

    /** The active session that was written last. */
    public Optional<Versioned<StrokeProgress>> currentSession() {
        return activeSessions().stream().findFirst();
    }

    /** How many nodes are online. */
    public long nodesOnline() {
        return nodes.stream().filter(Node::online).count();
    }

    /**
     * The Redis that answered.
     *
     * @param kind {@code redis} or {@code valkey}
     * @param version its version; {@code unknown} if this user may not ask
     * @param usedMemory bytes that its data take; null if this user may not ask
     * @param maxMemory bytes that its data may take; null if there is no limit, or this user may not ask
     */
    public record RedisServer(
            String kind,
            String version,
            @Nullable Long usedMemory,
            @Nullable Long maxMemory) {}

    /**
     * One node.
     *
     * @param id its name
     * @param health its last heartbeat, which lives for a minute; null if there is none
     * @param robot the last state of its robot; null if it has none
     * @param condition whether it is there
     * @param since when it came, left or fell silent, by Redis' clock; null if nobody told of that
     */
    public record Node(
            String id,
            @Nullable Versioned<NodeHealth> health,
            @Nullable Versioned<RobotState> robot,
            Condition condition,
            @Nullable Instant since) {
        /** Whether its heartbeat is alive and says that it can be reached, and it has not left since. */
        public boolean online() {
            return condition == Condition.ONLINE;
        }
    }

    /** Whether a node is there. */
    public enum Condition {
        /** Its heartbeat is alive, and says that it can be reached. */
        ONLINE,
        /** Its heartbeat is alive, but says that it cannot be reached. */
        UNREACHABLE,
        /** It has no heartbeat, and nobody has said that it left. An older node sends one heartbeat only, and may live. */
        SILENT,
        /** It has left, or three of its heartbeats in a row have not come. */
        OFFLINE
    }
}
