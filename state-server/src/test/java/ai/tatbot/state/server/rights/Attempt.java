package ai.tatbot.state.server.rights;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/** One user's connections, made when they are needed. */
final class Attempt implements AutoCloseable {
    static final String ROBOT = "robot:state:hog";

    /** A session whose writer is gone, and whose lease is long over. */
    static final String DEAD_SESSION = "stroke_rpi1_1755547777";

    private final RedisServer redis;
    private final FleetUser user;
    private final String password;
    private @Nullable StateManager state;
    private @Nullable Jedis jedis;

    Attempt(RedisServer redis, FleetUser user, String password) {
        this.redis = redis;
        this.user = user;
        this.password = password;
    }

    /** A robot that reports, a node, a session that has ended, and one whose writer has died. */
    static void prepare(RedisServer redis) {
        try (StateManager hog =
                StateManager.connect(redis.options().nodeId("hog").build())) {
            hog.updateRobotState(Samples.robot("hog").build());
            hog.updateNodeHealth(Samples.health("hog").build());
            hog.updateNodeHealth(Samples.health("rpi1").build());
            try (StrokeSession session = hog.startStrokeSession(Samples.tattoo())) {
                session.end();
            }
        }
        redis.admin("HSET stroke:progress:" + DEAD_SESSION + " rev 7 fence 1 lease_until 1 progress "
                + "{\"timestamp\":\"2025-08-18T20:09:37Z\",\"node_id\":\"rpi1\",\"is_executing\":true}");
        redis.admin("SADD index:sessions " + DEAD_SESSION);
    }

    FleetUser user() {
        return user;
    }

    StateManager state() {
        if (state == null) {
            state = StateManager.connect(redis.options()
                    .username(user.redisName())
                    .password(password)
                    .nodeId(user.nodeId())
                    .build());
        }
        return state;
    }

    Jedis jedis() {
        if (jedis == null) {
            jedis = new Jedis("127.0.0.1", redis.port());
            jedis.auth(user.redisName(), password);
        }
        return jedis;
    }

    @Override
    public void close() {
        if (state != null) {
            state.close();
        }
        if (jedis != null) {
            jedis.close();
        }
    }
}
