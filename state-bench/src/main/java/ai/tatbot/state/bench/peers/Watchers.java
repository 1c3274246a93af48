package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.BenchRedis;
import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.peers.Following.Ends;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateWatch;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.Subscription;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StrokeProgress;
import io.nats.client.impl.NatsKeyValueWatchSubscription;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.RedisClient;

/** Those who wait for a write. */
public final class Watchers {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Watchers() {}

    /** An update, and a listener of a {@link StateWatch}, each with a manager of its own. */
    public static Contestant ours(String name, BenchRedis redis) throws Exception {
        return new Following(name, following -> {
            StateManager writer =
                    StateManager.connect(redis.options().nodeId("writer").build());
            StateManager reader =
                    StateManager.connect(redis.options().nodeId("reader").build());
            StrokeSession session = writer.startStrokeSession(Example.session());
            StateWatch watch = reader.watch(WatchScope.of(Keys.strokeProgress(session.id())));
            watch.listen(new WatchListener() {
                @Override
                public void onChange(StateChange<?> change) {
                    if (change.value() != null && change.value().value() instanceof StrokeProgress progress) {
                        following.accept(progress.poseIdx());
                    }
                }
            });
            if (!watch.awaitLive(PATIENCE)) {
                throw new IllegalStateException("the watch is not live: " + watch.status());
            }
            return new Ends(number -> session.update(0, number), () -> {
                session.end();
                writer.close();
                reader.close();
            });
        });
    }

    /** An update, and a subscription to its channel, whose listener is called by the thread that reads. */
    public static Contestant subscription(String name, BenchRedis redis) throws Exception {
        return new Following(name, following -> {
            // A namespace of its own, lest the others should hear its events, too.
            StateManager writer = StateManager.connect(
                    redis.options().nodeId("writer").namespace("subscribed").build());
            StateManager reader = StateManager.connect(
                    redis.options().nodeId("reader").namespace("subscribed").build());
            StrokeSession session = writer.startStrokeSession(Example.session());
            Subscription subscription =
                    reader.subscribe(Channels.STROKE_PROGRESS, event -> following.accept(event.poseIdx()));
            return new Ends(number -> session.update(0, number), () -> {
                subscription.close();
                session.end();
                writer.close();
                reader.close();
            });
        });
    }

    /** {@code PUBLISH} and {@code SUBSCRIBE} of bare Jedis, with messages of the same size. */
    public static Contestant bare(String name, BenchRedis redis, int messageBytes) throws Exception {
        return new Following(name, following -> {
            byte[] channel = Example.bytes("bare:events");
            RedisClient publisher = redis.bareClient();
            AutoCloseable subscriber = subscriber(
                    redis,
                    channel,
                    message -> following.accept(ByteBuffer.wrap(message).getInt()));
            return new Ends(number -> publisher.publish(channel, message(number, messageBytes)), () -> {
                subscriber.close();
                publisher.close();
            });
        });
    }

    /**
     * A command that publishes on this channel what begins with the number of its writes, <code>{"rev":1,</code>, and a subscriber
     * of bare Jedis.
     *
     * @param rev the number of the last write
     */
    public static Contestant bare(String name, BenchRedis redis, String channel, RedisCommand command, long rev)
            throws Exception {
        return new Following(name, following -> {
            RedisClient publisher = redis.bareClient();
            CommandObject<Object> write = command.forJedis();
            AutoCloseable subscriber = subscriber(
                    redis, Example.bytes(channel), message -> following.accept((int) (revision(message) - rev)));
            return new Ends(number -> publisher.executeCommand(write), () -> {
                subscriber.close();
                publisher.close();
            });
        });
    }

    private static long revision(byte[] message) {
        long revision = 0;
        for (int i = "{\"rev\":".length(); message[i] != ','; i++) {
            revision = 10 * revision + message[i] - '0';
        }
        return revision;
    }

    private static AutoCloseable subscriber(BenchRedis redis, byte[] channel, Consumer<byte[]> told) throws Exception {
        RedisClient subscriber = redis.bareClient();
        CountDownLatch subscribed = new CountDownLatch(1);
        BinaryJedisPubSub listener = new BinaryJedisPubSub() {
            @Override
            public void onMessage(byte[] from, byte[] message) {
                told.accept(message);
            }

            @Override
            public void onSubscribe(byte[] to, int subscribedChannels) {
                subscribed.countDown();
            }
        };
        Thread thread = new Thread(() -> subscriber.subscribe(listener, channel), "bare subscriber");
        thread.setDaemon(true);
        thread.start();
        if (!subscribed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("bare Jedis has not subscribed");
        }
        return () -> {
            listener.unsubscribe();
            thread.join(PATIENCE.toMillis());
            subscriber.close();
        };
    }

    /** {@code put} and a watcher of NATS KV. */
    public static Contestant nats(String name, NatsPeer nats, int messageBytes) throws Exception {
        return new Following(name, following -> {
            NatsKeyValueWatchSubscription watch = nats.watch(
                    "watched", value -> following.accept(ByteBuffer.wrap(value).getInt()));
            return new Ends(
                    number -> nats.put("watched", message(number, messageBytes)).call(), watch::unsubscribe);
        });
    }

    private static byte[] message(int number, int bytes) {
        return ByteBuffer.allocate(bytes).putInt(number).array();
    }
}
