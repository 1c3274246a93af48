package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.internal.PrimaryAccess;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lets calls in as the {@link Overflow} policy says, and lets them out: completed, where {@link AsyncOptions} say. Thread-safe. */
final class Admission {
    private final Tickets tickets;
    private final Completions completions;
    private final Sender sender;
    private final AsyncOptions async;
    private final StateOptions options;
    private volatile boolean closed;

    Admission(Completions completions, Sender sender, AsyncOptions async, StateOptions options) {
        this.tickets = new Tickets(async.inFlight());
        this.completions = completions;
        this.sender = sender;
        this.async = async;
        this.options = options;
    }

    Tickets tickets() {
        return tickets;
    }

    boolean conflates() {
        return async.overflow() == Overflow.CONFLATE;
    }

    /** Lets nobody in any more. */
    void close() {
        closed = true;
    }

    /** Why nobody is let in; null unless that is so. */
    @Nullable
    StateException closed() {
        return closed ? PrimaryAccess.closed() : null;
    }

    /** When a call that begins now is to be over, by {@link System#nanoTime()}. */
    long deadline() {
        return System.nanoTime() + options.timeout().toNanos();
    }

    /**
     * Takes a ticket; may wait for it.
     *
     * @param what what for, to begin a message with
     * @return null if it is had, else why not
     */
    @Nullable
    StateException enter(String what) {
        if (closed) {
            return PrimaryAccess.closed();
        }
        if (tickets.tryTake()) {
            return null;
        }
        if (async.overflow() == Overflow.FAIL || sender.isMine()) {
            return busy(what, "");
        }
        if (tickets.await(options.timeout().toNanos())) {
            return null;
        }
        if (Thread.currentThread().isInterrupted()) {
            return new StateException(
                    Reason.INTERRUPTED,
                    what + ": the thread was interrupted while it waited its turn; nothing was sent.");
        }
        return busy(what, ", and none came to its end in time");
    }

    private StateException busy(String what, String more) {
        return new StateException(
                Reason.BUSY,
                what + ": " + async.inFlight() + " calls are under way" + more
                        + "; nothing was sent. Send fewer, or raise AsyncOptions.inFlight.");
    }

    /** Gives the ticket back and completes the stage, away from the thread of the connection. */
    <T> void complete(CompletableFuture<T> stage, T value) {
        completions.run(() -> {
            tickets.release();
            stage.complete(value);
        });
    }

    /** As {@link #complete(CompletableFuture, Object)}, with nothing. */
    void done(CompletableFuture<@Nullable Void> stage) {
        completions.run(() -> {
            tickets.release();
            complete(stage);
        });
    }

    /** Completes a stage of nothing at once. */
    @SuppressWarnings("NullAway") // with null, as such stages do
    static void complete(CompletableFuture<@Nullable Void> stage) {
        stage.complete(null);
    }

    /** A stage of nothing that is complete. */
    static CompletableFuture<@Nullable Void> nothing() {
        CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();
        complete(stage);
        return stage;
    }

    /** As {@link #complete(CompletableFuture, Object)}, with a failure. */
    void fail(CompletableFuture<?> stage, Throwable failure) {
        completions.run(() -> {
            tickets.release();
            stage.completeExceptionally(failure);
        });
    }

    /** Completes the stage of one that never had a ticket. */
    void turnAway(CompletableFuture<?> stage, Throwable failure) {
        completions.run(() -> stage.completeExceptionally(failure));
    }

    /** Has it run where stages complete. */
    void run(Runnable task) {
        completions.run(task);
    }
}
