package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.LostTransitions;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One subscription: a {@link Feed} of its own, whose thread calls the listener. */
public final class EventStream implements Subscription {
    private static final Duration PULSE_EVERY = Duration.ofSeconds(1);

    private final RedisConnections redis;
    private final Listener listener;
    private final String what;
    private final CatchUp catchUp;
    private final Feed feed;
    private final CompletableFuture<Void> firstLive = new CompletableFuture<>();
    private volatile Condition condition = Condition.RECONNECTING;
    private volatile @Nullable Instant staleSince = Instant.now();

    private EventStream(
            RedisConnections redis,
            Namespace namespace,
            String what,
            boolean patterns,
            Predicate<String> includes,
            Listener listener,
            byte[]... names) {
        this.redis = redis;
        this.catchUp = new CatchUp(redis, namespace, includes, new Guarded());
        this.what = what;
        this.listener = listener;
        List<byte[]> all = List.of(names);
        this.feed = new Feed(
                redis,
                what,
                patterns ? List.of() : all,
                patterns ? all : List.of(),
                List.of(),
                PULSE_EVERY,
                new Ears());
    }

    /**
     * Subscribes, and returns once Redis has confirmed it.
     *
     * @param patterns whether the names are glob-style patterns
     * @param includes the same by a channel's name without the namespace
     * @throws StateException if the first attempt fails
     */
    public static EventStream open(
            RedisConnections redis,
            Namespace namespace,
            String what,
            boolean patterns,
            Predicate<String> includes,
            Listener listener,
            byte[]... names) {
        if (redis.isClosed()) {
            throw RedisConnections.closedException();
        }
        EventStream stream = new EventStream(redis, namespace, what, patterns, includes, listener, names);
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
    public interface Listener {
        /**
         * Called for each message, in the order of arrival, by one thread.
         *
         * @param channel name in Redis
         * @param message what was published
         */
        void onMessage(byte[] channel, byte[] message);

        /** The same for a transition that was published in an outage; before any later message. */
        default void onCaughtUp(byte[] channel, byte[] message) {
            onMessage(channel, message);
        }

        /** Transitions of an outage that can be had no more. */
        void onLost(LostTransitions lost);
    }

    // Whatever an application's listener throws, an error like AssertionError too, the next event must arrive.
    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            report(Problem.Kind.LISTENER_FAILED, "a listener threw " + e + "; it goes on being called", e);
        }
    }

    /** The listener, whatever it throws. */
    private final class Guarded implements Listener {
        @Override
        public void onMessage(byte[] channel, byte[] message) {
            guarded(() -> listener.onMessage(channel, message));
        }

        @Override
        public void onCaughtUp(byte[] channel, byte[] message) {
            guarded(() -> listener.onCaughtUp(channel, message));
        }

        @Override
        public void onLost(LostTransitions lost) {
            guarded(() -> listener.onLost(lost));
        }
    }

    private final class Ears implements Feed.Observer {
        @Override
        public void connecting() {
            catchUp.begin();
        }

        @Override
        public void subscribed() {
            // What is published meanwhile waits in the connection.
            catchUp.run();
            staleSince = null;
            condition = Condition.LIVE;
            firstLive.complete(null);
        }

        @Override
        public void message(byte[] channel, byte[] message) {
            if (catchUp.isNews(message)) {
                guarded(() -> listener.onMessage(channel, message));
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
