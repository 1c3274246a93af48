package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.SystemStatus.Condition;
import ai.tatbot.state.client.SystemStatus.Node;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.Versioned;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisDataException;

/** What the fleet was told of each node, and what that means together with its heartbeat. For one status. */
final class NodeConditions {
    private static final Logger LOG = LoggerFactory.getLogger(NodeConditions.class);

    private final Namespace namespace;
    private final Set<String> nodes;
    private final Map<String, Supplier<List<byte[]>>> replies = new HashMap<>();

    NodeConditions(Namespace namespace, Set<String> nodes) {
        this.namespace = namespace;
        this.nodes = nodes;
    }

    /** Asks Redis; the answers are there once the round is done. */
    void ask(Round round) {
        for (Key<Void> key : DocumentReader.keys(Keys.LIVENESS, nodes)) {
            replies.put(
                    key.id(), round.ask(RedisConnections.commands().hmget(namespace.key(key), NodeLiveness.fields())));
        }
    }

    /** The node, or empty if nothing is known of it any more. */
    Optional<Node> node(String id, @Nullable Versioned<NodeHealth> health, @Nullable Versioned<RobotState> robot) {
        NodeLiveness liveness = liveness(id);
        if (health == null && robot == null && liveness.isUnknown()) {
            return Optional.empty();
        }
        Condition condition = condition(liveness, health);
        boolean told = liveness.is(
                switch (condition) {
                    case ONLINE, UNREACHABLE -> NodeLiveness.ONLINE;
                    case SILENT -> NodeLiveness.SILENT;
                    case OFFLINE -> NodeLiveness.OFFLINE;
                });
        return Optional.of(new Node(id, health, robot, condition, told ? liveness.since() : null));
    }

    private static Condition condition(NodeLiveness liveness, @Nullable Versioned<NodeHealth> health) {
        if (liveness.is(NodeLiveness.OFFLINE)
                && (health == null || NodeWriter.lastHeartbeat(health.value()).equals(liveness.lastHeartbeatTime()))) {
            return Condition.OFFLINE;
        }
        if (health == null) {
            return Condition.SILENT;
        }
        return health.value().isReachable() ? Condition.ONLINE : Condition.UNREACHABLE;
    }

    private NodeLiveness liveness(String id) {
        Supplier<List<byte[]>> reply = replies.get(id);
        if (reply != null) {
            try {
                return NodeLiveness.decode(reply.get());
            } catch (JedisDataException e) {
                // A user without the right to read it, or another Redis type; the heartbeat says enough.
                LOG.debug("liveness of {} not read: {}", id, e.getMessage());
            }
        }
        return NodeLiveness.UNKNOWN;
    }
}
