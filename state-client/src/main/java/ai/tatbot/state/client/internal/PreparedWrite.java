package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.client.internal.Script.Call;
import java.util.List;
import java.util.concurrent.Executor;
import redis.clients.jedis.exceptions.JedisDataException;

/** What one write of a document sends, and how its answer is read; whoever sends it. For one thread at a time. */
public final class PreparedWrite {
    private final DocumentWrite<?> write;
    private final WriteArguments arguments;
    private final boolean renew;
    private final RedisConnections redis;
    private final Renewals renewals;

    PreparedWrite(
            DocumentWrite<?> write,
            WriteArguments arguments,
            boolean renew,
            RedisConnections redis,
            Renewals renewals) {
        this.write = write;
        this.arguments = arguments;
        this.renew = renew;
        this.redis = redis;
        this.renewals = renewals;
    }

    /** What it does and to what, to begin a message with. */
    public String what() {
        return "writing " + write.key;
    }

    Safety safety() {
        return !write.tellsTransition() && write.expect.isEmpty() ? Safety.IDEMPOTENT : Safety.ONCE;
    }

    /** Sends it and reads the answer; makes the key anew if it is gone. */
    byte[] exchange(Exchange exchange) {
        if (isLong()) {
            return (byte[]) DocumentWriter.WRITE.run(exchange, arguments.writeKeys(), arguments.write(renew));
        }
        try {
            return (byte[]) DocumentWriter.UPDATE.run(exchange, arguments.updateKeys(), arguments.update());
        } catch (JedisDataException e) {
            if (isAbsent(e)) {
                return (byte[]) DocumentWriter.WRITE.run(exchange, arguments.writeKeys(), arguments.write(true));
            }
            throw e;
        }
    }

    /** Whether doing it twice would tell something twice, and leaving it out would not tell it. */
    public boolean tellsTransition() {
        return write.tellsTransition();
    }

    private boolean isLong() {
        return renew || !write.isOnePosition();
    }

    /** What to send. */
    public Call first() {
        return isLong()
                ? new Call(DocumentWriter.WRITE, arguments.writeKeys(), arguments.write(renew))
                : new Call(DocumentWriter.UPDATE, arguments.updateKeys(), arguments.update());
    }

    /**
     * Whether the key is gone, expired or lost with its Redis: nothing was done, and {@link #anew} makes it again. So it is with no
     * other script than that for positions.
     */
    public static boolean isAbsent(JedisDataException refusal) {
        return String.valueOf(refusal.getMessage()).startsWith("ABSENT");
    }

    /** What to send if the key is gone. */
    public Call anew() {
        return new Call(DocumentWriter.WRITE, arguments.writeKeys(), arguments.write(true));
    }

    /** Reads the answer to either. */
    public DocumentWrite.Result done(byte[] answer) {
        return done(answer, Runnable::run);
    }

    /**
     * Reads the answer to either.
     *
     * @param listeners where the program is told of a problem
     */
    public DocumentWrite.Result done(byte[] answer, Executor listeners) {
        WriteReply reply = WriteReply.read(answer);
        if (write.timeToLive == null && (renew || reply.created())) {
            renewals.done(write);
        }
        if (!reply.note().isEmpty()) {
            listeners.execute(() -> reply.reportNote(redis, write.key.name()));
        }
        if (reply.logged().isEmpty()) {
            return new DocumentWrite.Result(reply.revision(), List.of());
        }
        reply.logged().forEach(redis::given);
        return new DocumentWrite.Result(
                reply.revision(), reply.logged().stream().map(Logged::id).toList());
    }

    @Override
    public String toString() {
        return what();
    }
}
