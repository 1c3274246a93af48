package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.SystemStatus.Condition;
import ai.tatbot.state.client.SystemStatus.Node;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.Versioned;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisDataException;

/** Whether nodes are there: what the fleet was told of them, together with their heartbeats. */
final class NodeConditions {
    private static final Logger LOG = LoggerFactory.getLogger(NodeConditions.class);

    private final Namespace namespace;

    NodeConditions(Namespace namespace) {
        this.namespace = namespace;
    }

    /**
     * Asks what is known of a node.
     *
     * @param health its heartbeat, asked for before in the same round
     * @param robot the state of its robot, as well
     */
    Supplier<FoundNode> asking(
            Round round,
            String id,
            Supplier<StoredDocument<NodeHealth>> health,
            Supplier<StoredDocument<RobotState>> robot) {
        Key<Void> key = Keys.LIVENESS.of(id);
        return round.askFields(() -> namespace.key(key), NodeLiveness.Turn.FIELDS)
                .as(reply -> seen(id, health.get(), robot.get(), turn(id, reply)));
    }

    private static FoundNode seen(
            String id, StoredDocument<NodeHealth> health, StoredDocument<RobotState> robot, NodeLiveness.Turn turn) {
        if (health.value() == null && robot.value() == null && turn.isUnknown()) {
            return new FoundNode(id, null, health, robot);
        }
        Condition condition = condition(turn, health.value());
        boolean told = turn.is(
                switch (condition) {
                    case ONLINE, UNREACHABLE -> NodeLiveness.ONLINE;
                    case SILENT -> NodeLiveness.SILENT;
                    case OFFLINE -> NodeLiveness.OFFLINE;
                });
        Instant since = told ? turn.since() : null;
        return new FoundNode(id, new Node(id, health.value(), robot.value(), condition, since), health, robot);
    }

    private static Condition condition(NodeLiveness.Turn turn, @Nullable Versioned<NodeHealth> health) {
        if (turn.is(NodeLiveness.OFFLINE)
                && (health == null || NodeWriter.lastHeartbeat(health.value()).equals(turn.lastHeartbeatTime()))) {
            return Condition.OFFLINE;
        }
        if (health == null) {
            return Condition.SILENT;
        }
        return health.value().isReachable() ? Condition.ONLINE : Condition.UNREACHABLE;
    }

    private static NodeLiveness.Turn turn(String id, Supplier<List<byte @Nullable []>> reply) {
        try {
            return NodeLiveness.Turn.decode(reply.get());
        } catch (JedisDataException e) {
            // A user without the right to read it, or another Redis type; the heartbeat says enough.
            LOG.debug("liveness of {} not read: {}", id, e.getMessage());
            return NodeLiveness.Turn.UNKNOWN;
        }
    }

    /**
     * What was found of one node.
     *
     * @param node null if nothing is known of it any more
     * @param health as it is stored, readable or not
     * @param robot as well
     */
    record FoundNode(
            String id, @Nullable Node node, StoredDocument<NodeHealth> health, StoredDocument<RobotState> robot) {
        /** Whether there is nothing of it, not even something that cannot be read. */
        boolean isGone() {
            return node == null && health.problem() == null && robot.problem() == null;
        }
    }
}
