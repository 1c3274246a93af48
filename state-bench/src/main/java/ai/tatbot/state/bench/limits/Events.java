package ai.tatbot.state.bench.limits;

import ai.tatbot.state.bench.BenchRedis;
import ai.tatbot.state.bench.Example;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.RedisClient;

/** A bare subscriber that counts what it is told. */
final class Events implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 2_000;

    private final RedisClient client;
    private final AtomicLong count = new AtomicLong();
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final Thread thread;
    private final BinaryJedisPubSub listener = new BinaryJedisPubSub() {
        @Override
        public void onMessage(byte[] channel, byte[] message) {
            count.incrementAndGet();
        }

        @Override
        public void onSubscribe(byte[] channel, int subscribedChannels) {
            subscribed.countDown();
        }
    };

    private Events(RedisClient client, String channel) {
        this.client = client;
        this.thread = new Thread(() -> client.subscribe(listener, Example.bytes(channel)), "events");
        thread.setDaemon(true);
    }

    static Events of(BenchRedis redis, String channel) throws InterruptedException {
        Events events = new Events(redis.bareClient(), channel);
        events.thread.start();
        if (!events.subscribed.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("cannot subscribe to " + channel);
        }
        return events;
    }

    /** Waits until that many have come, but not for ever; returns how many have. */
    long awaitThose(long expected) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (count.get() < expected && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        // One too many would be wrong as well, and may be on its way.
        TimeUnit.MILLISECONDS.sleep(20);
        return count.get();
    }

    @Override
    public void close() throws InterruptedException {
        listener.unsubscribe();
        thread.join(PATIENCE_MILLIS);
        client.close();
    }
}
