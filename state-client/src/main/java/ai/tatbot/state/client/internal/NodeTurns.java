package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.internal.LivenessTurn.Condition;
import ai.tatbot.state.client.internal.LivenessTurn.Proof;
import ai.tatbot.state.model.NodeHealth;
import java.time.Instant;
import java.util.Optional;

/** Says which turn of a node is to be told by whoever watches it, if any. */
final class NodeTurns {
    /** As liveness.lua has it. */
    private static final int MISSED_HEARTBEATS = 3;

    private NodeTurns() {}

    static Optional<LivenessTurn> of(SeenNode node, Instant now, Contact contact) {
        NodeLiveness known = node.liveness();
        NodeHealth health = node.health();
        if (known.is(NodeLiveness.ONLINE) && !known.isOfOlderNode()) {
            long patience = MISSED_HEARTBEATS * known.intervalMillis();
            return now.toEpochMilli() - known.seenMillis() >= patience && contact.heldMillis() >= patience
                    ? Optional.of(LivenessTurn.to(Condition.OFFLINE, Proof.MISSED, node.id(), known))
                    : Optional.empty();
        }
        if (health != null) {
            Instant heartbeat = NodeWriter.lastHeartbeat(health);
            // A health outlives a node that has left by a minute. Only another heartbeat is a sign of life.
            return heartbeat.equals(known.lastHeartbeatTime())
                    ? Optional.empty()
                    : Optional.of(LivenessTurn.heartbeat(node.id(), known, heartbeat, node.healthRevision()));
        }
        return known.is(NodeLiveness.ONLINE)
                ? Optional.of(LivenessTurn.to(Condition.SILENT, Proof.GONE, node.id(), known))
                : Optional.empty();
    }
}
