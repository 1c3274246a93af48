package ai.tatbot.state.client.chaos;

import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Writes as the older Python nodes do: the document by HSET, then its event by PUBLISH, both without a revision. In between it
 * enters the index for itself, as the server's sweep does for it. One thread.
 */
final class OlderNode implements AutoCloseable {
    private static final int ROBOTS = 3;
    private static final String TIME = "\"timestamp\":\"2025-08-18T20:09:37.123456\"";

    private final int port;
    private final Ledger ledger;
    private final Shared shared;
    private final List<Supplier<Optional<String>>> sessions;
    private final Random random;
    private final Set<String> touched = new LinkedHashSet<>();
    private @Nullable Jedis jedis;

    OlderNode(int port, Ledger ledger, Shared shared, List<Supplier<Optional<String>>> sessions, long seed) {
        this.port = port;
        this.ledger = ledger;
        this.shared = shared;
        this.sessions = sessions;
        this.random = new Random(seed);
    }

    /** One write. */
    void write() {
        int which = random.nextInt(8);
        if (which == 0) {
            sessions.get(random.nextInt(sessions.size())).get().ifPresent(this::session);
        } else if (which < 3) {
            shared.write(this::robot);
        } else {
            robot(own(random.nextInt(ROBOTS)));
        }
    }

    /** Writes everything once more that it has written, so that whatever an outage left half done is done. */
    void finish() {
        shared.write(this::robot);
        for (int i = 0; i < ROBOTS; i++) {
            robot(own(i));
        }
        touched.forEach(this::session);
    }

    private static Key<RobotState> own(int number) {
        return Keys.robotState("python" + number);
    }

    private void robot(Key<RobotState> key) {
        long number = ledger.nextNumber();
        long begin = System.nanoTime();
        String state = "\"node_id\":\"" + key.id() + "\"," + TIME
                + ",\"is_connected_l\":false,\"is_connected_r\":false,\"current_pose\":\"" + Shared.pose(number)
                + "\"}";
        write(
                key.name(),
                "state",
                "{" + state,
                "index:nodes",
                key.id(),
                "robot:events",
                "{\"type\":\"state_update\"," + state);
        ledger.acknowledgedNumber(key, number, begin);
    }

    private void session(String id) {
        touched.add(id);
        int stroke = random.nextInt(1_000);
        String position = "\"node_id\":\"python\"," + TIME + ",\"stroke_idx\":" + stroke
                + ",\"pose_idx\":1,\"total_strokes\":1000,\"stroke_length\":108";
        write(
                "stroke:progress:" + id,
                "progress",
                "{" + position + ",\"is_executing\":true}",
                "index:sessions",
                id,
                "stroke:events:progress",
                "{\"type\":\"progress_update\",\"session_id\":\"" + id + "\"," + position
                        + ",\"description_l\":\"\",\"description_r\":\"\"}");
    }

    private void write(
            String key, String field, String document, String index, String member, String channel, String event) {
        Jedis open = jedis;
        if (open == null) {
            open = new Jedis(
                    new HostAndPort("127.0.0.1", port),
                    DefaultJedisClientConfig.builder()
                            .password(RedisServer.PASSWORD)
                            .protocol(RedisProtocol.RESP2)
                            .autoNegotiateProtocol(false)
                            .timeoutMillis(500)
                            .build());
            jedis = open;
        }
        try {
            open.hset(key, field, document);
            open.sadd(index, member);
            open.publish(channel, event);
        } catch (JedisException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        Jedis open = jedis;
        jedis = null;
        if (open != null) {
            open.close();
        }
    }
}
