package ai.tatbot.state.client.faultkit;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisException;

/** Hears every message that is published on a Redis, on whatever channel, by a connection of its own. */
public final class Eavesdropper implements AutoCloseable {
    private static final String MARKER = "eavesdropper:marker";

    private final RedisUnderTest redis;
    private final Jedis connection;
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    private Eavesdropper(RedisUnderTest redis) {
        this.redis = redis;
        this.connection = redis.jedis();
        this.connection.getConnection().setSoTimeout(0);
    }

    /** Begins to listen, and returns once Redis has confirmed. */
    public static Eavesdropper on(RedisUnderTest redis) {
        Eavesdropper eavesdropper = new Eavesdropper(redis);
        CountDownLatch confirmed = new CountDownLatch(1);
        Thread thread = new Thread(() -> eavesdropper.listen(confirmed), "eavesdropper");
        thread.setDaemon(true);
        thread.start();
        try {
            if (!confirmed.await(5, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no answer to PSUBSCRIBE");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return eavesdropper;
    }

    private void listen(CountDownLatch confirmed) {
        try {
            connection.psubscribe(
                    new JedisPubSub() {
                        @Override
                        public void onPSubscribe(String pattern, int subscribed) {
                            confirmed.countDown();
                        }

                        @Override
                        public void onPMessage(String pattern, String channel, String message) {
                            heard.add(new Heard(channel, message));
                        }
                    },
                    "*");
        } catch (JedisException e) {
            // Closed, or its Redis is gone: whoever waits for a message is told so by running out of time.
            heard.add(new Heard("closed", String.valueOf(e.getMessage())));
        }
    }

    /**
     * Everything that was published since the last call and before this one. Sends a message of its own and waits for it, so
     * nothing is still on its way.
     */
    public List<Heard> soFar() {
        String marker = UUID.randomUUID().toString();
        try (Jedis jedis = redis.jedis()) {
            jedis.publish(MARKER, marker);
        }
        List<Heard> all = new ArrayList<>();
        try {
            while (true) {
                Heard next = heard.poll(5, TimeUnit.SECONDS);
                if (next == null) {
                    throw new IllegalStateException("the marker did not arrive");
                }
                if (next.message.equals(marker)) {
                    return all;
                }
                all.add(next);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }

    /** One message. */
    public record Heard(String channel, String message) {}
}
