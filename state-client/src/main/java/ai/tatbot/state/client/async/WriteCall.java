package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.internal.DocumentWrite.Result;
import ai.tatbot.state.client.internal.PreparedWrite;
import ai.tatbot.state.client.internal.PrimaryAccess;
import ai.tatbot.state.client.internal.Script;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** A write of a document, of which many may be under way at once. They are done in the order in which they were handed over. */
abstract class WriteCall extends Call {
    private final PrimaryAccess redis;
    private final Object key;
    private final PreparedWrite write;
    private final Executor listeners;
    private Script.Call script;
    private Frame frame;
    private boolean isAnew;

    /** @param listeners where the program is told of a problem: it may wait there */
    WriteCall(PrimaryAccess redis, Object key, PreparedWrite write, long deadline, Executor listeners) {
        super(write.what(), deadline);
        this.redis = redis;
        this.key = key;
        this.write = write;
        this.listeners = listeners;
        this.script = write.first();
        this.frame = Frame.of(script);
    }

    @Override
    final Script.Call script() {
        return script;
    }

    /** Sent again behind what overtook it, a transition would bring an older document back; left out, it would never be told. */
    @Override
    final boolean isByText() {
        return write.tellsTransition();
    }

    @Override
    final Frame frame() {
        return frame;
    }

    @Override
    final boolean isWrite() {
        return true;
    }

    @Override
    final Object key() {
        return key;
    }

    @Override
    final boolean anew() {
        if (isAnew) {
            return false;
        }
        isAnew = true;
        script = write.anew();
        frame = Frame.of(script);
        return true;
    }

    @Override
    final void answered(@Nullable Object answer, @Nullable StateException unconfirmed) {
        if (answer instanceof JedisDataException refusal) {
            failed(redis.refused(what(), refusal));
            return;
        }
        Result result;
        try {
            result = write.done(
                    answer instanceof byte[] bytes
                            ? bytes
                            : String.valueOf(answer).getBytes(StandardCharsets.UTF_8),
                    listeners);
        } catch (RuntimeException e) {
            failed(redis.garbled(what(), e));
            return;
        }
        stored(result.revision(), unconfirmed);
    }

    /**
     * It is stored and told.
     *
     * @param unconfirmed why not enough replicas have it; null if they have, or need not
     */
    abstract void stored(long revision, @Nullable StateException unconfirmed);
}
