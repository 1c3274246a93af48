package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.BenchRedis;
import ai.tatbot.state.bench.Example;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateWatch;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StrokeProgress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.RedisClient;

/** Many who wait for the same write: a call ends when the last of them was told. */
public final class Crowd implements Caller {
    private static final int DOCUMENT = 330;

    private final int size;
    private final Following.Sender sender;
    private final AutoCloseable end;
    private volatile int expected;
    private volatile CountDownLatch waiting = new CountDownLatch(0);

    private Crowd(int size, Following.Opening opening) throws Exception {
        this.size = size;
        Following.Ends ends = opening.open(this::arrived);
        this.sender = ends.sender();
        this.end = ends.end();
    }

    private void arrived(int number) {
        if (number == expected) {
            waiting.countDown();
        }
    }

    @Override
    public void call() throws Exception {
        CountDownLatch all = new CountDownLatch(size);
        waiting = all;
        int number = expected + 1;
        expected = number;
        sender.send(number);
        if (!all.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException(all.getCount() + " of " + size + " were not told within 10 s");
        }
    }

    @Override
    public void close() throws Exception {
        end.close();
    }

    /** Listeners of one {@link StateWatch}, each with its own thread. */
    public static Contestant listeners(String name, BenchRedis redis, int count) throws Exception {
        return Callers.one(name, new Crowd(count, crowd -> {
            StateManager state = StateManager.connect(redis.options().build());
            StrokeSession session = state.startStrokeSession(Example.session());
            StateWatch watch = state.watch(WatchScope.of(Keys.strokeProgress(session.id())));
            for (int i = 0; i < count; i++) {
                watch.listen(new WatchListener() {
                    @Override
                    public void onChange(StateChange<?> change) {
                        if (change.value() != null && change.value().value() instanceof StrokeProgress progress) {
                            crowd.accept(progress.poseIdx());
                        }
                    }
                });
            }
            if (!watch.awaitLive(Duration.ofSeconds(10))) {
                throw new IllegalStateException("the watch is not live: " + watch.status());
            }
            return new Following.Ends(number -> session.update(0, number), () -> {
                session.end();
                state.close();
            });
        }));
    }

    /** Subscribers of bare Jedis, each with a connection and a thread. */
    public static Contestant subscribers(String name, BenchRedis redis, int count) throws Exception {
        return Callers.one(name, new Crowd(count, crowd -> {
            RedisClient client = redis.bareClient(count + 1);
            byte[] channel = Example.bytes("bare:crowd");
            CountDownLatch subscribed = new CountDownLatch(count);
            List<BinaryJedisPubSub> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                BinaryJedisPubSub one = new BinaryJedisPubSub() {
                    @Override
                    public void onMessage(byte[] to, byte[] message) {
                        crowd.accept(ByteBuffer.wrap(message).getInt());
                    }

                    @Override
                    public void onSubscribe(byte[] to, int subscribedChannels) {
                        subscribed.countDown();
                    }
                };
                all.add(one);
                Thread thread = new Thread(null, () -> client.subscribe(one, channel), "crowd", 256 << 10);
                thread.setDaemon(true);
                thread.start();
            }
            if (!subscribed.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException(subscribed.getCount() + " have not subscribed within 20 s");
            }
            return new Following.Ends(
                    number -> client.publish(
                            channel,
                            ByteBuffer.allocate(DOCUMENT).putInt(number).array()),
                    () -> {
                        all.forEach(BinaryJedisPubSub::unsubscribe);
                        client.close();
                    });
        }));
    }
}
