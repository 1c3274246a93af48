package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.LivenessTurn.Condition;
import ai.tatbot.state.client.internal.LivenessTurn.Proof;
import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.HealthUpdate;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeEvent;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.NodeOnline;
import ai.tatbot.state.model.NodeRestarted;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Stores heartbeats, and tells in the same step when a node has come. Says when it leaves. Thread-safe. */
public final class NodeWriter {
    private static final Script HEARTBEAT = Script.of("refuse.lua", "log.lua", "turns.lua", "heartbeat.lua");

    private final RedisConnections redis;
    private final Namespace namespace;

    public NodeWriter(RedisConnections redis, Namespace namespace) {
        this.redis = redis;
        this.namespace = namespace;
    }

    /**
     * Stores and publishes a heartbeat; returns the new revision. One round trip.
     *
     * @param interval when the next is to be expected
     */
    public long heartbeat(NodeHealth health, Duration interval) {
        return redis.perform(sendingHeartbeat(health, interval));
    }

    /** As {@link #heartbeat}. */
    public Step<Long> sendingHeartbeat(NodeHealth health, Duration interval) {
        String node = health.nodeId();
        Key<NodeHealth> key = Keys.nodeHealth(node);
        Channel<NodeEvent> channel = Channels.nodeEvents(node);
        Instant last = lastHeartbeat(health);
        NodeOnline online = NodeOnline.builder()
                .nodeId(node)
                .timestamp(health.timestamp())
                .lastHeartbeat(last)
                .build();
        NodeRestarted restarted = NodeRestarted.builder()
                .nodeId(node)
                .timestamp(health.timestamp())
                .lastHeartbeat(last)
                .build();
        HealthUpdate update = HealthUpdate.builder().from(health).build();
        List<byte[]> keys = List.of(
                namespace.key(key),
                namespace.key(Keys.indexNodes()),
                namespace.key(Keys.liveness(node)),
                namespace.key(Keys.eventsLog()));
        List<byte[]> arguments = List.of(
                bytes(Keys.NODE_HEALTH.documentField().orElseThrow()),
                StateJson.write(health),
                bytes(WireTime.format(WireTime.now())),
                WriteArguments.ttl(Keys.NODE_HEALTH),
                WriteArguments.ttl(Keys.LIVENESS),
                bytes(node),
                namespace.channel(channel),
                new Message<>(channel, update).tail(),
                new Message<>(channel, online).tail(),
                new Message<>(channel, restarted).tail(),
                bytes(Instance.ID),
                WriteArguments.millis(interval),
                bytes(WireTime.format(last)),
                WriteArguments.length(Keys.EVENTS_LOG),
                WriteArguments.ttl(Keys.EVENTS_LOG),
                bytes(Long.toString(redis.lastSeq())));
        // The script tells a turn once, however often it is run.
        Round round = Round.writing("writing " + key, Safety.IDEMPOTENT);
        Supplier<String> answer = round.run(new Script.Call(HEARTBEAT, keys, arguments));
        return round.then(() -> {
            WriteReply reply = WriteReply.parse(answer.get());
            reply.logged().forEach(redis::given);
            reply.reportNote(redis, key.name());
            return Step.done(reply.revision());
        });
    }

    /**
     * Says that a node leaves, if this process was the last to speak for it and the fleet thinks it is there. Two round trips.
     *
     * @return whether that was told
     */
    public boolean leave(String node) {
        return redis.perform(leaving(node));
    }

    /** As {@link #leave}. */
    public Step<Boolean> leaving(String node) {
        Round round = Round.reading("reading " + Keys.liveness(node));
        Supplier<List<byte[]>> fields =
                round.ask(RedisConnections.commands().hmget(namespace.key(Keys.liveness(node)), NodeLiveness.fields()));
        return round.then(() -> {
            NodeLiveness known = NodeLiveness.decode(fields.get());
            return known.isSpokenForBy(Instance.ID) ? sayingThatItLeaves(node, known) : Step.done(false);
        });
    }

    private Step<Boolean> sayingThatItLeaves(String node, NodeLiveness known) {
        LivenessTurn turn = LivenessTurn.to(Condition.OFFLINE, Proof.SAID, node, known);
        Round round = Round.writing("saying that " + node + " leaves", Safety.ONCE);
        Supplier<String> answer = round.run(turn.call(namespace, WireTime.now(), redis.lastSeq()));
        Step<Boolean> told = round.then(() -> {
            String reply = answer.get();
            Logged.in(reply).forEach(redis::given);
            int end = reply.indexOf('\n');
            if (end >= 0) {
                WriteReply.reportNote(redis, Keys.liveness(node).name(), reply.substring(end + 1));
            }
            return Step.done(true);
        });
        return told.recover(e -> {
            if (e.reason() == Reason.CONFLICT) {
                // Another process has begun to speak for it at this moment, or a reaper was first.
                return Step.done(false);
            }
            throw e;
        });
    }

    /** When a node last gave a sign of life, by its own clock. */
    static Instant lastHeartbeat(NodeHealth health) {
        Instant said = health.lastHeartbeat();
        return said == null ? health.timestamp() : said;
    }
}
