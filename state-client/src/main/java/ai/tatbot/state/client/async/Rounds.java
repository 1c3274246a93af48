package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.internal.PrimaryAccess;
import ai.tatbot.state.client.internal.Round;
import ai.tatbot.state.client.internal.Script;
import ai.tatbot.state.client.internal.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** Does the steps of a call, one round trip after the other, without a thread that waits. Thread-safe. */
final class Rounds {
    private final PrimaryAccess redis;
    private final StateOptions options;
    private final Sender sender;
    private final Admission admission;

    Rounds(PrimaryAccess redis, StateOptions options, Sender sender, Admission admission) {
        this.redis = redis;
        this.options = options;
        this.sender = sender;
        this.admission = admission;
    }

    /**
     * Does a call.
     *
     * @param what what it does, to begin a message with
     * @param steps begins it; what it throws, the stage fails with
     */
    <T> CompletionStage<T> perform(String what, Supplier<Step<T>> steps) {
        StateException refused = admission.enter(what);
        if (refused != null) {
            return CompletableFuture.failedFuture(refused);
        }
        CompletableFuture<T> stage = new CompletableFuture<>();
        try {
            run(
                    steps.get(),
                    admission.deadline(),
                    value -> admission.complete(stage, value),
                    failure -> admission.fail(stage, failure));
        } catch (Throwable e) {
            admission.fail(stage, e);
        }
        return stage;
    }

    /**
     * Does the steps. One of both functions is called in the end, and once.
     *
     * @param deadline of each round, by {@link System#nanoTime()}
     */
    <T> void run(Step<T> step, long deadline, Consumer<T> done, Consumer<Throwable> failed) {
        if (step instanceof Step.Done<T> end) {
            done.accept(end.value());
        } else if (step instanceof Step.Ask<T> ask) {
            new Asking<>(ask, deadline, done, failed).send();
        }
    }

    /** One round, until all its answers are there. */
    private final class Asking<T> {
        private final Step.Ask<T> ask;
        private final long deadline;
        private final Consumer<T> done;
        private final Consumer<Throwable> failed;
        private int attempts;

        /** The thread of the connections counts them, or others once it has ended; who finds none missing hands on. */
        private int missing;

        private @Nullable StateException failure;

        Asking(Step.Ask<T> ask, long deadline, Consumer<T> done, Consumer<Throwable> failed) {
            this.ask = ask;
            this.deadline = deadline;
            this.done = done;
            this.failed = failed;
        }

        void send() {
            attempts++;
            List<Round.Question<?>> questions = ask.round().questions();
            synchronized (this) {
                failure = null;
                missing = questions.size();
            }
            List<Call> calls = new ArrayList<>(questions.size());
            for (Round.Question<?> question : questions) {
                calls.add(new QuestionCall(this, ask.round(), question, deadline));
            }
            sender.submit(calls);
        }

        private void settled(@Nullable StateException why) {
            boolean isLast;
            synchronized (this) {
                if (failure == null) {
                    failure = why;
                }
                isLast = --missing == 0;
            }
            if (isLast) {
                // Reading many documents takes a while, in which the connection shall not rest.
                admission.run(this::goOn);
            }
        }

        private void goOn() {
            try {
                Step<T> next;
                try {
                    next = next();
                } catch (StateException e) {
                    if (isWorthTryingAgain(e)) {
                        sender.later(redis.pauseBefore(attempts), this::send);
                        return;
                    }
                    next = ask.failed(e);
                }
                run(next, admission.deadline(), done, failed);
            } catch (Throwable e) {
                failed.accept(e);
            }
        }

        private Step<T> next() {
            StateException failed = failure();
            if (failed != null) {
                throw failed;
            }
            try {
                return ask.next();
            } catch (JedisDataException e) {
                throw redis.refused(ask.round().what(), e);
            }
        }

        private synchronized @Nullable StateException failure() {
            return failure;
        }

        private boolean isWorthTryingAgain(StateException e) {
            return e.reason() == Reason.BUSY && ask.round().isRead() && attempts < options.retryAttempts();
        }
    }

    private final class QuestionCall extends Call {
        private final Asking<?> asking;
        private final Round round;
        private final Round.Question<?> question;
        private final Frame frame;

        QuestionCall(Asking<?> asking, Round round, Round.Question<?> question, long deadline) {
            super(round.what(), deadline);
            this.asking = asking;
            this.round = round;
            this.question = question;
            Script.Call call = question.call();
            this.frame = call == null ? Frame.of(question.words()) : Frame.of(call);
        }

        @Override
        Script.@Nullable Call script() {
            return question.call();
        }

        @Override
        Frame frame() {
            return frame;
        }

        @Override
        boolean isRead() {
            return round.isRead();
        }

        @Override
        boolean isWrite() {
            return round.isWrite();
        }

        @Override
        void answered(@Nullable Object answer, @Nullable StateException unconfirmed) {
            StateException failure = unconfirmed;
            try {
                question.answered(answer);
            } catch (RuntimeException | Error e) {
                failure = redis.garbled(what(), e);
            }
            asking.settled(failure);
        }

        @Override
        void failed(StateException failure) {
            asking.settled(failure);
        }
    }
}
