package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.internal.Script;
import org.jspecify.annotations.Nullable;

/** One command on its way to Redis. All but the constructor belongs to the thread of the connection. */
abstract class Call {
    private final String what;
    private final long deadline;

    /** Whether its outcome is known, to the caller at least. */
    boolean settled;
    /** How often there was no connection for it, or one that broke. */
    int misses;
    /** How often Redis did not know its script. */
    int refusals;
    /** Whether a server has refused it that is the primary no more. */
    boolean failingOver;

    /**
     * @param what what it does and to what, to begin a message with
     * @param deadline by {@link System#nanoTime()}
     */
    Call(String what, long deadline) {
        this.what = what;
        this.deadline = deadline;
    }

    final String what() {
        return what;
    }

    final boolean isOver(long now) {
        return now - deadline >= 0;
    }

    /** The script that it runs; null if none. */
    Script.@Nullable Call script() {
        return null;
    }

    /** Whether its script goes as its text even to a Redis that knows it, so that it cannot be refused because it was forgotten. */
    boolean isByText() {
        return false;
    }

    /** What goes over the wire; if it runs a script, all but that. */
    abstract Frame frame();

    /** Whether it changes nothing, and so may be sent again. */
    boolean isRead() {
        return false;
    }

    /** Whether replicas are to confirm it. */
    boolean isWrite() {
        return false;
    }

    /** Whose writes must stay in order; null if it is not one of several. */
    @Nullable
    Object key() {
        return null;
    }

    /** Redis knows no such key. Whether there is another way, by which it is sent from now on. */
    boolean anew() {
        return false;
    }

    /**
     * Redis has answered.
     *
     * @param answer bytes, a number, a list, null, or a {@link redis.clients.jedis.exceptions.JedisDataException}
     * @param unconfirmed why not enough replicas have it; null if they have, or need not
     */
    abstract void answered(@Nullable Object answer, @Nullable StateException unconfirmed);

    /** Fails it, for good. */
    final void settle(StateException failure) {
        settled = true;
        failed(failure);
    }

    /** It came to nothing; if the message says so, it is not known to what. */
    abstract void failed(StateException failure);
}
