package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One subscription: a {@link Feed} of its own, whose thread calls the listener. */
public final class EventStream implements Subscription {
    private static final Duration PING_EVERY = Duration.ofSeconds(1);

    private final RedisConnections redis;
    private final Listener listener;
    private final String what;
    private final Feed feed;
    private final CompletableFuture<Void> firstLive = new CompletableFuture<>();
    private volatile Condition condition = Condition.RECONNECTING;
    private volatile @Nullable Instant staleSince = Instant.now();

    private EventStream(RedisConnections redis, String what, boolean patterns, Listener listener, byte[]... names) {
        this.redis = redis;
        this.what = what;
        this.listener = listener;
        List<byte[]> all = List.of(names);
        this.feed = new Feed(
                redis, what, patterns ? List.of() : all, patterns ? all : List.of(), List.of(), PING_EVERY, new Ears());
    }

    /**
     * Subscribes, and returns once Redis has confirmed it.
     *
     * @param patterns whether the names are glob-style patterns
     * @throws StateException if the first attempt fails
     */
    public static EventStream open(
            RedisConnections redis, String what, boolean patterns, Listener listener, byte[]... names) {
        if (redis.isClosed()) {
            throw RedisConnections.closedException();
        }
        EventStream stream = new EventStream(redis, what, patterns, listener, names);
        stream.feed.start();
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
        return feed.isClosed() ? Condition.CLOSED : condition;
    }

    @Override
    public Optional<Instant> staleSince() {
        return Optional.ofNullable(staleSince);
    }

    @Override
    public void close() {
        if (staleSince == null) {
            staleSince = Instant.now();
        }
        feed.close();
    }

    private void report(Problem.Kind kind, String message, Throwable cause) {
        redis.report(new Problem(kind, what, message, cause));
    }

    /** Takes what arrives, as bytes. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Called for each message, in the order of arrival, by one thread.
         *
         * @param channel name in Redis
         * @param message what was published
         */
        void onMessage(byte[] channel, byte[] message);

        /** Called by the same thread before each attempt to connect. What it throws makes the attempt fail. */
        default void connecting() {}

        /** Called by the same thread when Redis has confirmed all channels, before the first message; may throw as well. */
        default void subscribed() {}
    }

    private final class Ears implements Feed.Observer {
        @Override
        public void connecting() {
            listener.connecting();
        }

        @Override
        public void subscribed() {
            listener.subscribed();
            staleSince = null;
            condition = Condition.LIVE;
            firstLive.complete(null);
        }

        // Whatever an application's listener throws, an error like AssertionError too, the next event must arrive.
        @Override
        public void message(byte[] channel, byte[] message) {
            try {
                listener.onMessage(channel, message);
            } catch (Throwable e) {
                report(Problem.Kind.LISTENER_FAILED, "a listener threw " + e + "; it goes on being called", e);
            }
        }

        @Override
        public void disconnected(StateException failure, int attempt, Duration pause) {
            if (firstLive.completeExceptionally(failure)) {
                return;
            }
            if (condition == Condition.LIVE) {
                condition = Condition.RECONNECTING;
                staleSince = Instant.now();
                report(
                        Problem.Kind.DISCONNECTED,
                        failure.getMessage() + " Reconnecting.",
                        failure.getCause() == null ? failure : failure.getCause());
            }
        }
    }
}
