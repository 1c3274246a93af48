package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a call still has to do: it is done, or has a round to ask of Redis and something to make of the answers. Says what is sent
 * and how the reply is read, and leaves open who sends: {@link RedisConnections#perform} blocks, the asynchronous face does not.
 *
 * <p>Run once, by one thread at a time.
 */
public abstract sealed class Step<T> {
    private Step() {}

    static <T> Step<T> done(T value) {
        return new Done<>(value);
    }

    /** Goes on with what this one comes to. */
    public abstract <R> Step<R> then(Function<? super T, Step<R>> next);

    /** The same, made into something else. */
    public <R> Step<R> map(Function<? super T, ? extends R> change) {
        return then(value -> done(change.apply(value)));
    }

    /** Goes on otherwise after a failure, which the function may throw again. */
    public abstract Step<T> recover(Function<StateException, Step<T>> other);

    /** The end. */
    public static final class Done<T> extends Step<T> {
        private final T value;

        private Done(T value) {
            this.value = value;
        }

        /** What it came to. */
        public T value() {
            return value;
        }

        @Override
        public <R> Step<R> then(Function<? super T, Step<R>> next) {
            return next.apply(value);
        }

        @Override
        public Step<T> recover(Function<StateException, Step<T>> other) {
            return this;
        }
    }

    /** A round, and what comes after it. */
    public static final class Ask<T> extends Step<T> {
        private final Round round;
        private final Supplier<Step<T>> next;
        private final @Nullable Function<StateException, Step<T>> other;

        Ask(Round round, Supplier<Step<T>> next, @Nullable Function<StateException, Step<T>> other) {
            this.round = round;
            this.next = next;
            this.other = other;
        }

        /** What to send. */
        public Round round() {
            return round;
        }

        /**
         * Goes on, once every answer of the round is there.
         *
         * @throws redis.clients.jedis.exceptions.JedisDataException if Redis has refused what was asked
         * @throws StateException if it makes no sense
         */
        public Step<T> next() {
            return next.get();
        }

        /** Goes on after the round, or what follows from it, has failed. @throws StateException the same, if there is no way on */
        public Step<T> failed(StateException failure) {
            if (other == null) {
                throw failure;
            }
            return other.apply(failure);
        }

        @Override
        public <R> Step<R> then(Function<? super T, Step<R>> then) {
            Function<StateException, Step<T>> mine = other;
            return new Ask<>(
                    round,
                    () -> next.get().then(then),
                    mine == null ? null : failure -> mine.apply(failure).then(then));
        }

        @Override
        public Step<T> recover(Function<StateException, Step<T>> rescue) {
            return new Ask<>(round, () -> next.get().recover(rescue), failure -> {
                try {
                    return failed(failure).recover(rescue);
                } catch (StateException e) {
                    return rescue.apply(e);
                }
            });
        }
    }
}
