package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;

import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeEvent;
import ai.tatbot.state.model.NodeOffline;
import ai.tatbot.state.model.NodeOnline;
import ai.tatbot.state.model.NodeSilent;
import ai.tatbot.state.model.WireTime;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A turn of a node that it does not tell by a heartbeat.
 *
 * @param known what the turn builds upon: it is refused if that is so no more
 * @param lastHeartbeat of the node, by its own clock; null if that is not known
 * @param healthRevision of an older node that is coming; empty if its health has none
 * @param told whether it is an event; otherwise only the time of the last heartbeat is stored
 */
record LivenessTurn(
        Condition to,
        Proof proof,
        String node,
        NodeLiveness known,
        @Nullable Instant lastHeartbeat,
        String healthRevision,
        boolean told) {
    private static final Script LIVENESS = Script.of("refuse.lua", "log.lua", "turns.lua", "liveness.lua");

    static LivenessTurn to(Condition to, Proof proof, String node, NodeLiveness known) {
        return new LivenessTurn(to, proof, node, known, known.lastHeartbeatTime(), "", true);
    }

    /** An older node has sent a heartbeat; that is told if it was not there. */
    static LivenessTurn heartbeat(String node, NodeLiveness known, Instant lastHeartbeat, String healthRevision) {
        boolean told = !known.is(NodeLiveness.ONLINE);
        return new LivenessTurn(Condition.ONLINE, Proof.THERE, node, known, lastHeartbeat, healthRevision, told);
    }

    /**
     * @param now time of the event
     * @param lastSeq highest number in {@code events:log} that this writer was given, 0 for none
     */
    Script.Call call(Namespace namespace, Instant now, long lastSeq) {
        Channel<NodeEvent> channel = Channels.nodeEvents(node);
        List<byte[]> keys = List.of(
                namespace.key(Keys.liveness(node)),
                namespace.key(Keys.nodeHealth(node)),
                namespace.key(Keys.eventsLog()));
        List<byte[]> arguments = List.of(
                bytes(to.text),
                bytes(proof.text),
                bytes(known.condition()),
                bytes(known.instance()),
                bytes(known.seen()),
                bytes(lastHeartbeat == null ? "" : WireTime.format(lastHeartbeat)),
                bytes(healthRevision),
                WriteArguments.ttl(Keys.LIVENESS),
                namespace.channel(channel),
                told ? new Message<>(channel, event(now)).tail() : bytes(""),
                WriteArguments.length(Keys.EVENTS_LOG),
                WriteArguments.ttl(Keys.EVENTS_LOG),
                bytes(Long.toString(lastSeq)));
        return new Script.Call(LIVENESS, keys, arguments);
    }

    private NodeEvent event(Instant now) {
        return switch (to) {
            case ONLINE ->
                NodeOnline.builder()
                        .nodeId(node)
                        .timestamp(now)
                        .lastHeartbeat(lastHeartbeat)
                        .build();
            case OFFLINE ->
                NodeOffline.builder()
                        .nodeId(node)
                        .timestamp(now)
                        .lastHeartbeat(lastHeartbeat)
                        .build();
            case SILENT ->
                NodeSilent.builder()
                        .nodeId(node)
                        .timestamp(now)
                        .lastHeartbeat(lastHeartbeat)
                        .build();
        };
    }

    /** What a node turns to. */
    enum Condition {
        ONLINE(NodeLiveness.ONLINE),
        OFFLINE(NodeLiveness.OFFLINE),
        SILENT(NodeLiveness.SILENT);

        private final String text;

        Condition(String text) {
            this.text = text;
        }
    }

    /** What the script makes sure of. */
    enum Proof {
        /** Nothing: the node itself says so. */
        SAID("said"),
        /** Three heartbeats in a row have not come. */
        MISSED("missed"),
        /** There is no health any more. */
        GONE("gone"),
        /** There is one. */
        THERE("there");

        private final String text;

        Proof(String text) {
            this.text = text;
        }
    }
}
