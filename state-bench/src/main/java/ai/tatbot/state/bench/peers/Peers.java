package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.BenchRedis;
import ai.tatbot.state.client.StateManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;

/** The client and all its peers, on one Redis; each is connected when first asked for. For one thread. */
public final class Peers implements AutoCloseable {
    /** Most callers of any measurement. */
    public static final int MOST_CALLERS = 64;

    private final BenchRedis redis;
    private final StateManager state;
    private final RedisClient bare;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private @Nullable Lettuce lettuce;
    private @Nullable RedissonPeer redisson;
    private @Nullable NatsPeer nats;

    /** Connects the client and bare Jedis. */
    public Peers(BenchRedis redis) {
        this.redis = redis;
        this.state = StateManager.connect(
                redis.options().maxConnections(MOST_CALLERS).build());
        this.bare = redis.bareClient(MOST_CALLERS);
        open.add(state);
        open.add(bare);
    }

    /** Their Redis. */
    public BenchRedis redis() {
        return redis;
    }

    /** The client. */
    public StateManager state() {
        return state;
    }

    /** Bare Jedis. */
    public RedisClient bare() {
        return bare;
    }

    /** Bare Lettuce. */
    public Lettuce lettuce() {
        Lettuce one = lettuce;
        if (one == null) {
            one = new Lettuce(redis);
            lettuce = one;
            open.add(one);
        }
        return one;
    }

    /** Redisson. */
    public RedissonPeer redisson() {
        RedissonPeer one = redisson;
        if (one == null) {
            one = new RedissonPeer(redis);
            redisson = one;
            open.add(one);
        }
        return one;
    }

    /**
     * NATS.
     *
     * @throws Exception if there is no {@code nats-server}
     */
    public NatsPeer nats() throws Exception {
        NatsPeer one = nats;
        if (one == null) {
            one = new NatsPeer();
            nats = one;
            open.add(one);
        }
        return one;
    }

    /** A session whose updates are counted. */
    public Session session() {
        return new Session(state, bare);
    }

    /** The bytes of an ordinary document. */
    public byte[] document() {
        try (Session session = session()) {
            session.call();
            return session.document();
        }
    }

    /** Adds a contestant; one that cannot be had is named as missing, with why. */
    public void add(List<Contestant> contestants, String name, Making making) {
        try {
            contestants.add(making.make());
        } catch (Exception e) {
            missing.put(name, String.valueOf(e.getMessage()));
        }
    }

    /** Names one as missing. */
    public void miss(String name, String why) {
        missing.put(name, why);
    }

    /** Those that could not be measured, and why. */
    public Map<String, String> missing() {
        return missing;
    }

    @Override
    public void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    /** Makes a contestant. */
    @FunctionalInterface
    public interface Making {
        /** Makes it, or says why not. */
        Contestant make() throws Exception;
    }
}
