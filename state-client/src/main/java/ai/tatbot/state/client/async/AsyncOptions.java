package ai.tatbot.state.client.async;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What an {@link AsyncStateManager} needs to know beside {@link ai.tatbot.state.client.StateOptions}. Immutable. */
public final class AsyncOptions {
    private final int inFlight;
    private final Overflow overflow;
    private final @Nullable Executor executor;
    private final Duration closeTimeout;

    private AsyncOptions(Builder builder) {
        this.inFlight = builder.inFlight;
        this.overflow = builder.overflow;
        this.executor = builder.executor;
        this.closeTimeout = builder.closeTimeout;
    }

    /** The defaults. */
    public static AsyncOptions defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * How many calls may be under way at once: made, and not yet completed. That bounds memory, and how long one waits behind the
     * others. Default: 1,000, some 15 ms of work for Redis.
     */
    public int inFlight() {
        return inFlight;
    }

    /** What becomes of a call beyond that. Default: {@link Overflow#WAIT}. */
    public Overflow overflow() {
        return overflow;
    }

    /** Where stages complete, and so run what depends on them. Default: empty, for daemon threads of the manager. */
    public Optional<Executor> executor() {
        return Optional.ofNullable(executor);
    }

    /** How long {@link AsyncStateManager#close()} waits for what is under way. Default: 1 s. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    @Override
    public String toString() {
        return "AsyncOptions[" + inFlight + " in flight, " + overflow + "]";
    }

    /** Builds {@link AsyncOptions}. Not thread-safe. */
    public static final class Builder {
        private int inFlight = 1_000;
        private Overflow overflow = Overflow.WAIT;
        private @Nullable Executor executor;
        private Duration closeTimeout = Duration.ofSeconds(1);

        private Builder() {}

        public Builder inFlight(int inFlight) {
            this.inFlight = inFlight;
            return this;
        }

        public Builder overflow(Overflow overflow) {
            this.overflow = overflow;
            return this;
        }

        /**
         * Where stages complete. One that runs a task at once, on the thread that hands it over ({@code Runnable::run}), saves the
         * change of threads; then what depends on a stage runs on the thread of the connection, and must neither block nor take
         * long, for nothing is sent or received meanwhile. One of a single thread completes nothing while what depends on a stage
         * waits there, and stalls if that waits for another stage.
         *
         * @param executor stays the caller's to shut down, after the manager; null for the manager's own threads
         */
        public Builder executor(@Nullable Executor executor) {
            this.executor = executor;
            return this;
        }

        public Builder closeTimeout(Duration closeTimeout) {
            this.closeTimeout = closeTimeout;
            return this;
        }

        /** @throws IllegalArgumentException if a value is out of its range */
        public AsyncOptions build() {
            if (inFlight < 1 || inFlight > 1_000_000) {
                throw new IllegalArgumentException("inFlight must be from 1 to 1000000, was " + inFlight);
            }
            if (closeTimeout.isNegative() || closeTimeout.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException(
                        "closeTimeout must be from 0 ms to 60000 ms, was " + closeTimeout.toMillis() + " ms");
            }
            return new AsyncOptions(this);
        }
    }
}
