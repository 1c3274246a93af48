package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Keeps one connection subscribed to some channels, and restores it until it is closed: a thread that reads, and one that asks for a sign of life.
 *
 * <p>Redis sends nothing while nothing is published, so silence alone says nothing. A pulse makes it answer; no byte for two
 * seconds means that the connection is dead, half-open ones included, and it is made anew. A pulse carries the time at which it was
 * sent, which comes back with its answer: everything that was published before that moment has then been read.
 *
 * <p>The pulse is an {@code UNSUBSCRIBE} from what nobody subscribes to, which Redis answers with that name: it refuses {@code PING},
 * the obvious one, while it cannot save, and then a full disk would leave every viewer blind.
 */
final class Feed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    /** Begins the name that a pulse unsubscribes from; no channel's name begins so. */
    private static final String PULSE = "tatbot-pulse:";

    /** How long nothing may come. */
    static final Duration SILENCE = Duration.ofSeconds(2);

    /** What people must put right is not tried at the pace at which a network comes back. */
    private static final Backoff FOR_PEOPLE = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

    private final RedisConnections redis;
    private final String what;
    private final List<byte[]> channels;
    private final List<byte[]> patterns;
    private final Duration pulseEvery;
    private final Observer observer;
    private final Backoff backoff;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread reader;
    private final Thread pulse;
    private final List<byte[]> optional;

    /** Those of the optional channels that are asked for at the next connection: all, or none after it was refused. */
    private List<byte[]> asked;

    private volatile @Nullable Connection connection;
    private volatile @Nullable Handler live;

    /**
     * A feed, not yet running.
     *
     * @param what what it listens to, for people
     * @param channels names of channels
     * @param patterns glob-style patterns of channels; none that covers one of the names
     * @param optional names of channels that it goes without if this user may not listen to them
     */
    Feed(
            RedisConnections redis,
            String what,
            List<byte[]> channels,
            List<byte[]> patterns,
            List<byte[]> optional,
            Duration pulseEvery,
            Observer observer) {
        this.redis = redis;
        this.what = what;
        this.channels = channels;
        this.patterns = patterns;
        this.optional = optional;
        this.asked = optional;
        this.pulseEvery = pulseEvery;
        this.observer = observer;
        this.backoff = new Backoff(redis.options().retryDelay(), redis.options().maxRetryDelay());
        this.reader = Threads.daemon(this::read, "tatbot-subscription-" + what);
        this.pulse = Threads.daemon(this::beat, "tatbot-pulse-" + what);
    }

    void start() {
        reader.start();
        pulse.start();
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Ends it without waiting. */
    void end() {
        closed.countDown();
        disconnect();
    }

    /** Waits for a call of the observer under way. */
    void join(long millis) {
        Threads.join(reader, millis);
    }

    @Override
    public void close() {
        end();
        join(1_000);
    }

    /** Drops the connection, as if it were broken. */
    void reconnect() {
        disconnect();
    }

    private void read() {
        int attempt = 0;
        while (!isClosed()) {
            boolean wasLive = false;
            StateException failure;
            try {
                observer.connecting();
                wasLive = subscribeOnce();
                failure = new StateException(
                        Reason.UNAVAILABLE, "subscribing to " + what + ": the connection was closed");
            } catch (Throwable e) {
                // Even an error must not end the thread: nobody would learn that nothing arrives any more.
                failure = e instanceof StateException known
                        ? known
                        : redis.errors().notConnected("subscribing to " + what, e);
                wasLive = live != null;
            } finally {
                disconnect();
            }
            if (isClosed()) {
                return;
            }
            if (wasLive) {
                attempt = 0;
                // The right may have been granted since.
                asked = optional;
            } else if (RedisErrors.lacksRight(failure) && !asked.isEmpty()) {
                LOG.debug("{} goes without {} optional channels: {}", what, asked.size(), failure.getMessage());
                asked = List.of();
                continue;
            }
            attempt++;
            Duration pause = (RedisErrors.needsPeople(failure) ? FOR_PEOPLE : backoff).before(attempt);
            observer.disconnected(failure, attempt, pause);
            pause(pause);
        }
    }

    /** @return whether it was live before it ended */
    private boolean subscribeOnce() {
        Connection opened = redis.open(handshakeTimeout());
        connection = opened;
        if (isClosed()) {
            // It was closed while this was connecting, and so had nothing to disconnect.
            return false;
        }
        Handler handler = new Handler(opened);
        if (patterns.isEmpty()) {
            handler.proceed(opened, handler.names());
        } else {
            handler.proceedWithPatterns(opened, patterns.toArray(byte[][]::new));
        }
        return live != null;
    }

    /** A path that comes back in the middle of a handshake must not cost the whole silence. */
    private Duration handshakeTimeout() {
        Duration twice = redis.options().connectTimeout().multipliedBy(2);
        return twice.compareTo(SILENCE) < 0 ? twice : SILENCE;
    }

    /** Waits, or less if it is closed meanwhile. Nothing is interrupted, since a listener's own work must not be. */
    private void pause(Duration longest) {
        try {
            closed.await(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Only a listener can have interrupted its own thread; the feed goes on.
            LOG.debug("a listener of {} interrupted its thread", what);
        }
    }

    private void beat() {
        while (!isClosed()) {
            pause(pulseEvery);
            Handler handler = live;
            if (handler != null) {
                try {
                    handler.unsubscribe(bytes(PULSE + System.nanoTime()));
                } catch (JedisException e) {
                    // The reader meets the same broken connection, reports it and replaces it.
                    LOG.debug("no pulse to {}: {}", what, e.getMessage());
                }
            }
            try {
                observer.tick();
            } catch (RuntimeException | Error e) {
                report(Problem.Kind.SIDE_EFFECT_FAILED, "looking after the watch failed: " + e, e);
            }
        }
    }

    private void disconnect() {
        live = null;
        Connection open = connection;
        if (open != null) {
            try {
                open.forceDisconnect();
            } catch (java.io.IOException | JedisException e) {
                report(Problem.Kind.DISCONNECTED, "closing a connection failed: " + e.getMessage(), e);
            }
        }
    }

    private void report(Problem.Kind kind, String message, Throwable cause) {
        redis.report(new Problem(kind, what, message, cause));
    }

    /** Told what happens. All but {@link #tick} by the thread that reads, so each must be quick. */
    interface Observer {
        /** Before each attempt. What it throws makes the attempt fail. */
        default void connecting() {}

        /** Redis has confirmed all channels. */
        void subscribed();

        /** A message, in the order in which Redis sent it. */
        void message(byte[] channel, byte[] message);

        /** Everything that was published before this moment, by {@link System#nanoTime()}, has been read. */
        default void proven(long nanos) {}

        /**
         * The connection is gone, or could not be made.
         *
         * @param attempt number of the next attempt since it was live, counted from 1
         * @param pause how long until then
         */
        void disconnected(StateException failure, int attempt, Duration pause);

        /** Called with every pulse, by the thread of the pulse. */
        default void tick() {}
    }

    /** What Jedis calls. */
    private final class Handler extends BinaryJedisPubSub {
        private final Connection own;

        Handler(Connection own) {
            this.own = own;
        }

        byte[][] names() {
            List<byte[]> names = new ArrayList<>(channels);
            names.addAll(asked);
            return names.toArray(byte[][]::new);
        }

        @Override
        public void onSubscribe(byte[] channel, int subscribed) {
            confirm(subscribed);
        }

        @Override
        public void onPSubscribe(byte[] pattern, int subscribed) {
            if (subscribed == patterns.size() && names().length > 0) {
                subscribe(names());
            }
            confirm(subscribed);
        }

        private void confirm(int subscribed) {
            if (subscribed == patterns.size() + names().length && !isClosed()) {
                own.setSoTimeout((int) SILENCE.toMillis());
                live = this;
                observer.subscribed();
            }
        }

        @Override
        public void onMessage(byte[] channel, byte[] message) {
            deliver(channel, message);
        }

        @Override
        public void onPMessage(byte[] pattern, byte[] channel, byte[] message) {
            deliver(channel, message);
        }

        @Override
        public void onUnsubscribe(byte[] channel, int subscribed) {
            String name = text(channel);
            if (live == this && name.startsWith(PULSE)) {
                observer.proven(Long.parseLong(name.substring(PULSE.length())));
            }
        }

        private void deliver(byte[] channel, byte[] message) {
            if (!isClosed()) {
                observer.message(channel, message);
            }
        }
    }
}
