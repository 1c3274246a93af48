package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.internal.PrimaryAccess;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent: calls that wait for their turn, and calls that Redis has refused for a reason that mends, which go first as
 * soon as nothing is in flight. Of the thread of the connections.
 */
final class Backlog {
    private final PrimaryAccess redis;
    private final StateOptions options;
    private final Deque<Call> waiting = new ArrayDeque<>();
    private final Deque<Call> refused = new ArrayDeque<>();

    Backlog(PrimaryAccess redis, StateOptions options) {
        this.redis = redis;
        this.options = options;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && refused.isEmpty();
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** How many wait for their turn. */
    int waiting() {
        return waiting.size();
    }

    boolean hasRefused() {
        return !refused.isEmpty();
    }

    void add(Call call) {
        waiting.add(call);
    }

    /** These go before all that wait, in this order. */
    void addFirst(List<Call> calls) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            waiting.addFirst(calls.get(i));
        }
    }

    /** A new call, while there is no connection: it may wait for the next, or is failed. */
    void addWithoutConnection(Call call, Throwable why) {
        if (mayWait(call, why, true)) {
            waiting.add(call);
        } else {
            call.settle(redis.cannotConnect(call.what(), why));
        }
    }

    /** The next one whose turn it is; null if none waits. */
    @Nullable
    Call poll() {
        return waiting.poll();
    }

    /** Redis has refused this for now. */
    void refused(Call call) {
        refused.add(call);
    }

    /** Nothing is in flight: those that were refused have their turn again, in their order, before all others. */
    void refusedFirst() {
        for (Call call = refused.pollLast(); call != null; call = refused.pollLast()) {
            waiting.addFirst(call);
        }
    }

    /**
     * A write that was sent behind those that were refused has been stored before them, and must not be undone by what is older.
     *
     * @param key what it wrote; null if it is nothing that a later one replaces
     */
    void overtaken(@Nullable Object key) {
        if (key == null) {
            return;
        }
        for (Iterator<Call> calls = refused.iterator(); calls.hasNext(); ) {
            Call call = calls.next();
            if (key.equals(call.key())) {
                calls.remove();
                call.settle(new StateException(
                        Reason.CONFLATED, call.what() + ": not stored, for a newer one that was sent behind it is."));
            }
        }
    }

    /** There is no connection, for this reason: fails what may not wait for the next attempt. */
    void withoutConnection(Throwable why) {
        for (Deque<Call> calls : List.of(waiting, refused)) {
            calls.removeIf(call -> {
                if (mayWait(call, why, false)) {
                    return false;
                }
                call.settle(redis.cannotConnect(call.what(), why));
                return true;
            });
        }
    }

    private boolean mayWait(Call call, Throwable why, boolean isNew) {
        if (PrimaryAccess.needsPeople(why)) {
            return false;
        }
        if (call.failingOver) {
            // Nothing was stored, and the new primary will be there soon.
            return true;
        }
        call.misses++;
        return call.isRead() ? call.misses < options.retryAttempts() : redis.canMove() && isNew;
    }

    /** Fails those whose time is up. */
    void expire(long now) {
        for (Deque<Call> calls : List.of(waiting, refused)) {
            calls.removeIf(call -> {
                if (!call.settled && call.isOver(now)) {
                    call.settle(redis.tooLate(call.what()));
                }
                return call.settled;
            });
        }
    }

    /** Fails all of them. */
    void fail(Supplier<StateException> failure) {
        for (Deque<Call> calls : List.of(refused, waiting)) {
            for (Call call : calls) {
                if (!call.settled) {
                    call.settle(failure.get());
                }
            }
            calls.clear();
        }
    }
}
