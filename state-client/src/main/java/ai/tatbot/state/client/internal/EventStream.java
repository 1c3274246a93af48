package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One subscription on a connection of its own: a thread that reads, and one that pings.
 *
 * <p>Redis sends nothing while nothing is published, so silence alone says nothing. A ping every second makes it answer; no
 * byte for two seconds means that the connection is dead, half-open ones included, and it is made anew.
 */
public final class EventStream implements Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final Duration PING_EVERY = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final RedisConnections redis;
    private final byte[][] names;
    private final boolean patterns;
    private final RawListener listener;
    private final String what;
    private final Backoff backoff;
    private final CompletableFuture<Void> firstLive = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread reader;
    private final Thread pinger;
    private volatile Condition condition = Condition.RECONNECTING;
    private volatile @Nullable Instant staleSince = Instant.now();
    private volatile @Nullable Connection connection;
    private volatile @Nullable Handler handler;

    private EventStream(RedisConnections redis, String what, boolean patterns, RawListener listener, byte[]... names) {
        this.redis = redis;
        this.what = what;
        this.names = names;
        this.patterns = patterns;
        this.listener = listener;
        this.backoff = new Backoff(redis.options().retryDelay(), redis.options().maxRetryDelay());
        this.reader = daemon(this::read, "tatbot-subscription-" + what);
        this.pinger = daemon(this::ping, "tatbot-ping-" + what);
    }

    /**
     * Subscribes, and returns once Redis has confirmed it.
     *
     * @param patterns whether the names are glob-style patterns
     * @throws StateException if the first attempt fails
     */
    public static EventStream open(
            RedisConnections redis, String what, boolean patterns, RawListener listener, byte[]... names) {
        if (redis.isClosed()) {
            throw RedisConnections.closedException();
        }
        EventStream stream = new EventStream(redis, what, patterns, listener, names);
        stream.reader.start();
        stream.pinger.start();
        try {
            Duration longest =
                    redis.options().connectTimeout().plus(redis.options().timeout());
            stream.firstLive.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return stream;
        } catch (ExecutionException e) {
            stream.close();
            throw e.getCause() instanceof StateException failure
                    ? failure
                    : new StateException(Reason.INTERNAL, "subscribing to " + what + " failed", e.getCause());
        } catch (TimeoutException e) {
            stream.close();
            throw new StateException(
                    Reason.TIMEOUT,
                    "subscribing to " + what + ": " + redis.options().address() + " did not confirm in time",
                    e);
        } catch (InterruptedException e) {
            stream.close();
            Thread.currentThread().interrupt();
            throw new StateException(Reason.INTERRUPTED, "subscribing to " + what + ": the thread was interrupted", e);
        }
    }

    @Override
    public Condition condition() {
        return isClosed() ? Condition.CLOSED : condition;
    }

    @Override
    public Optional<Instant> staleSince() {
        return Optional.ofNullable(staleSince);
    }

    @Override
    public void close() {
        closed.countDown();
        if (staleSince == null) {
            staleSince = Instant.now();
        }
        disconnect();
        if (Thread.currentThread() == reader) {
            return;
        }
        try {
            reader.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void read() {
        int attempt = 0;
        while (!isClosed()) {
            try {
                subscribeOnce();
                attempt = 0;
            } catch (Throwable e) {
                // Even an error must not end the thread while the condition says LIVE.
                if (isClosed()) {
                    return;
                }
                StateException failure = redis.errors().notConnected("subscribing to " + what, e);
                if (firstLive.completeExceptionally(failure)) {
                    return;
                }
                if (condition == Condition.LIVE) {
                    condition = Condition.RECONNECTING;
                    staleSince = Instant.now();
                    attempt = 0;
                    report(Problem.Kind.DISCONNECTED, failure.getMessage() + " Reconnecting.", e);
                }
            } finally {
                disconnect();
            }
            attempt++;
            pause(backoff.before(attempt));
        }
    }

    private void subscribeOnce() {
        Connection opened = redis.open(SILENCE);
        connection = opened;
        if (isClosed()) {
            // It was closed while this was connecting, and so had nothing to disconnect.
            return;
        }
        Handler handling = new Handler();
        handler = handling;
        if (patterns) {
            handling.proceedWithPatterns(opened, names);
        } else {
            handling.proceed(opened, names);
        }
    }

    /** Waits, or less if the stream is closed meanwhile. Nothing is interrupted, since a listener's own work must not be. */
    private void pause(Duration longest) {
        try {
            closed.await(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Only a listener can have interrupted its own thread; the subscription goes on.
            LOG.debug("a listener of {} interrupted its thread", what);
        }
    }

    private void ping() {
        while (!isClosed()) {
            pause(PING_EVERY);
            Handler handling = handler;
            if (condition == Condition.LIVE && handling != null) {
                try {
                    handling.ping();
                } catch (JedisException e) {
                    // The reader meets the same broken connection, reports it and replaces it.
                    LOG.debug("no ping to {}: {}", what, e.getMessage());
                }
            }
        }
    }

    private void disconnect() {
        handler = null;
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

    private static Thread daemon(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Takes what arrives, as bytes. */
    @FunctionalInterface
    public interface RawListener {
        /**
         * Called for each message, in the order of arrival, by one thread.
         *
         * @param channel name in Redis
         * @param message what was published
         */
        void onMessage(byte[] channel, byte[] message);
    }

    /** What Jedis calls. */
    private final class Handler extends BinaryJedisPubSub {
        @Override
        public void onSubscribe(byte[] channel, int subscribed) {
            confirm(subscribed);
        }

        @Override
        public void onPSubscribe(byte[] pattern, int subscribed) {
            confirm(subscribed);
        }

        private void confirm(int subscribed) {
            if (subscribed == names.length && !isClosed()) {
                staleSince = null;
                condition = Condition.LIVE;
                firstLive.complete(null);
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

        // Whatever an application's listener throws, an error like AssertionError too, the next event must arrive.
        private void deliver(byte[] channel, byte[] message) {
            if (isClosed()) {
                return;
            }
            try {
                listener.onMessage(channel, message);
            } catch (Throwable e) {
                report(Problem.Kind.LISTENER_FAILED, "a listener threw " + e + "; it goes on being called", e);
            }
        }
    }
}
