package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.BenchRedis;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;

/** Redisson, with its defaults: maps of documents as bytes, and a map with a near cache. */
public final class RedissonPeer implements AutoCloseable {
    private final RedissonClient client;
    private final RMap<byte[], byte[]> map;
    private final RLocalCachedMap<byte[], byte[]> near;

    /** Connects. */
    public RedissonPeer(BenchRedis redis) {
        Config config = new Config();
        config.setPassword(redis.password());
        config.useSingleServer().setAddress("redis://127.0.0.1:" + redis.port());
        client = Redisson.create(config);
        map = client.getMap("redisson:map", ByteArrayCodec.INSTANCE);
        near = client.getLocalCachedMap(
                LocalCachedMapOptions.<byte[], byte[]>name("redisson:near").codec(ByteArrayCodec.INSTANCE));
    }

    /** {@code RMap.fastPut}. */
    public Caller put(byte[] key, byte[] document) {
        return () -> map.fastPut(key, document);
    }

    /** {@code RMap.get}. */
    public Caller get(byte[] key, byte[] document) {
        map.fastPut(key, document);
        return () -> map.get(key);
    }

    /** {@code RLocalCachedMap.fastPut}, which tells the other near caches. */
    public Caller putNear(byte[] key, byte[] document) {
        return () -> near.fastPut(key, document);
    }

    /** {@code RLocalCachedMap.get} of what is in the near cache. */
    public Batch.Loop getNear(byte[] key, byte[] document) {
        near.fastPut(key, document);
        return calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                byte[] value = near.get(key);
                sum += value == null ? 0 : value.length;
            }
            return sum;
        };
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
