package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The connections to the primary: pooled ones for calls, single ones for subscriptions. Thread-safe.
 *
 * <p>A call is repeated only as its {@link Safety} allows; what fails comes out as a {@link StateException}.
 */
public final class RedisConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisConnections.class);

    private static final CommandObjects COMMANDS = new CommandObjects(Connector.PROTOCOL);

    private final StateOptions options;
    private final Connector connector;
    private final Primary primary;
    private final Backoff backoff;
    private final AtomicLong lastSeq = new AtomicLong();
    private volatile boolean closed;

    /** @throws IllegalArgumentException if a file for TLS is no good */
    public RedisConnections(StateOptions options) {
        this.options = options;
        this.connector = new Connector(options, new Credentials(options, this::report));
        this.primary = new Primary(options, connector);
        this.backoff = new Backoff(options.retryDelay(), options.maxRetryDelay());
    }

    /** Highest number in {@code events:log} that was given to a writer here, 0 for none; by it a log that was lost is noticed. */
    long lastSeq() {
        return lastSeq.get();
    }

    /** A transition was logged. */
    void given(Logged logged) {
        lastSeq.accumulateAndGet(logged.seq(), Math::max);
    }

    static CommandObjects commands() {
        return COMMANDS;
    }

    StateOptions options() {
        return options;
    }

    Connector connector() {
        return connector;
    }

    Primary primary() {
        return primary;
    }

    RedisErrors errors() {
        return primary.known().map(RedisNode::errors).orElseGet(() -> new RedisErrors(options.address()));
    }

    /** Tells the program of a problem. A problem listener that throws stops nothing. */
    public void report(Problem problem) {
        try {
            options.problemListener().accept(problem);
        } catch (Throwable e) {
            LOG.warn("the problem listener threw when it was told: {}", problem, e);
        }
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Asks whether Redis answers. That it cannot save is an answer. */
    public void ping() {
        perform(pinging());
    }

    /** As {@link #ping}; comes to what Redis answers. */
    public static Step<String> pinging() {
        Round round = Round.reading("connecting");
        Supplier<String> answer = round.ask(COMMANDS.ping());
        return round.then(() -> Step.done(answerOf(answer)));
    }

    private static String answerOf(Supplier<String> ping) {
        try {
            return ping.get();
        } catch (JedisDataException e) {
            if (RedisErrors.cannotSave(e)) {
                return String.valueOf(e.getMessage());
            }
            throw e;
        }
    }

    /** Drops the connections that nobody uses now: whoever has seen one die knows that its siblings are dead, too. */
    void dropIdle() {
        primary.known().ifPresent(RedisNode::closeIdle);
    }

    /**
     * A connection to the primary outside the pool, whose reads end after this time without a byte.
     *
     * @throws JedisException if there is none
     */
    Connection open(Duration readTimeout) {
        for (int attempt = 1; ; attempt++) {
            RedisNode node = primary.get();
            try {
                return node.open(readTimeout);
            } catch (JedisException e) {
                primary.doubt(node);
                if (!primary.canMove() || attempt > 1) {
                    throw e;
                }
            }
        }
    }

    /**
     * Runs a command.
     *
     * @param what what it does and to what, to begin a message with
     */
    <T> T call(String what, Safety safety, CommandObject<T> command) {
        return run(what, safety, connection -> connection.executeCommand(command));
    }

    /**
     * Runs what changes something; with {@link StateOptions#replicas()}, each command of it waits for them.
     *
     * @param what its text says what it does and to what, to begin a message with; asked for only then
     */
    <T> T runWrite(Object what, Safety safety, Function<Exchange, T> action) {
        return run(what, safety, writing(what, action));
    }

    private <T> Function<Connection, T> writing(Object what, Function<Exchange, T> action) {
        return options.replicas() == 0
                ? connection -> action.apply(connection::executeCommand)
                : connection -> action.apply(new ReplicatedExchange(connection, what.toString(), options));
    }

    /** Does all that is left to do, one round trip after the other. */
    public <T> T perform(Step<T> step) {
        Step<T> now = step;
        while (now instanceof Step.Ask<T> ask) {
            try {
                now = exchange(ask);
            } catch (StateException e) {
                now = ask.failed(e);
            }
        }
        return ((Step.Done<T>) now).value();
    }

    private <T> Step<T> exchange(Step.Ask<T> ask) {
        Round round = ask.round();
        Function<Connection, Step.Ask<T>> action = round.isWrite()
                ? writing(round.what(), exchange -> {
                    round.exchange(exchange);
                    return ask;
                })
                : connection -> {
                    round.exchange(connection);
                    return ask;
                };
        return run(round.what(), round.safety(), action, Step.Ask::next);
    }

    /**
     * Borrows a connection, sends something on it and reads the answer.
     *
     * @param what as for {@link #runWrite}
     */
    <T> T run(Object what, Safety safety, Function<Connection, T> action) {
        return run(what, safety, action, Function.identity());
    }

    /** @param next makes something of the answer when the connection has been given back; a refusal that it throws counts as Redis's */
    private <A, T> T run(Object what, Safety safety, Function<Connection, A> action, Function<? super A, T> next) {
        long start = System.nanoTime();
        boolean failingOver = false;
        for (int attempt = 1; ; attempt++) {
            StateException failure;
            Repeat repeat;
            RedisNode node = null;
            Connection connection = null;
            boolean isBack = false;
            try {
                node = currentNode();
                connection = node.borrow();
                A answer = action.apply(connection);
                isBack = true;
                release(node, connection);
                return next.apply(answer);
            } catch (JedisDataException e) {
                failure = errorsOf(node).answered(what.toString(), e);
                repeat = afterAnswer(failure, safety, node, isBack ? null : connection);
            } catch (JedisException e) {
                if (connection == null) {
                    failure = errorsOf(node).notConnected(what.toString(), e);
                    repeat = afterNoConnection(failure, safety, node);
                } else if (e instanceof JedisConnectionException broken) {
                    failure = errorsOf(node).broken(what.toString(), broken, safety != Safety.READ);
                    repeat = afterBreak(failure, safety, node);
                } else {
                    failure = new StateException(Reason.INTERNAL, what + ": " + e.getMessage(), e);
                    repeat = Repeat.NEVER;
                }
            } catch (RuntimeException | OutOfMemoryError e) {
                // Jedis fails in many ways on bytes that are no answer, and marks the connection.
                if (isBack || e instanceof StateException || connection == null || !connection.isBroken()) {
                    throw e;
                }
                failure = errorsOf(node).garbled(what.toString(), e, safety != Safety.READ);
                repeat = afterBreak(failure, safety, node);
            } finally {
                if (!isBack) {
                    release(node, connection);
                }
            }
            failingOver |= repeat == Repeat.ON_NEW_PRIMARY;
            if (failingOver && connection == null && isAway(failure)) {
                // The old primary has gone, the new one has not come yet.
                repeat = Repeat.ON_NEW_PRIMARY;
            }
            if (!repeat.allows(attempt, options.retryAttempts(), System.nanoTime() - start, options.timeout())) {
                throw failure;
            }
            if (repeat != Repeat.ONCE_AT_ONCE) {
                pause(what.toString(), attempt, failure);
            }
        }
    }

    private static boolean isAway(StateException failure) {
        return failure.reason() == Reason.UNAVAILABLE || failure.reason() == Reason.TIMEOUT;
    }

    private RedisErrors errorsOf(@Nullable RedisNode node) {
        return node == null ? errors() : node.errors();
    }

    /** Redis has refused it, so nothing was stored. */
    private Repeat afterAnswer(
            StateException failure, Safety safety, @Nullable RedisNode node, @Nullable Connection connection) {
        if (RedisErrors.isReplica(failure) && node != null) {
            // The name may lead elsewhere by now, and the sentinels to another server.
            if (connection != null) {
                connection.setBroken();
            }
            node.closeIdle();
            primary.doubt(node);
            return primary.canMove() ? Repeat.ON_NEW_PRIMARY : Repeat.NEVER;
        }
        if (failure.reason() == Reason.READ_ONLY && node != null) {
            // A primary that has lost its replicas has perhaps been replaced.
            primary.doubt(node);
            return primary.canMove() ? Repeat.ONCE_AT_ONCE : Repeat.NEVER;
        }
        return failure.reason() == Reason.BUSY && safety == Safety.READ ? Repeat.SOME_TIMES : Repeat.NEVER;
    }

    /** Nothing was sent. */
    private Repeat afterNoConnection(StateException failure, Safety safety, @Nullable RedisNode node) {
        if (failure.reason() == Reason.READ_ONLY) {
            if (node != null) {
                primary.doubt(node);
            }
            return Repeat.ON_NEW_PRIMARY;
        }
        if (isAway(failure) && node != null && primary.canMove()) {
            primary.doubt(node);
            return Repeat.ONCE_AT_ONCE;
        }
        return safety == Safety.READ && failure.reason() == Reason.UNAVAILABLE ? Repeat.SOME_TIMES : Repeat.NEVER;
    }

    /** It may have been done. */
    private Repeat afterBreak(StateException failure, Safety safety, @Nullable RedisNode node) {
        if (node != null) {
            // Its siblings in the pool are most likely dead too; the repeated call shall get a new one.
            node.closeIdle();
            primary.doubt(node);
        }
        return failure.reason() == Reason.UNAVAILABLE && safety != Safety.ONCE ? Repeat.SOME_TIMES : Repeat.NEVER;
    }

    private RedisNode currentNode() {
        if (closed) {
            throw closedException();
        }
        return primary.get();
    }

    static StateException closedException() {
        return new StateException(
                Reason.CLOSED, "this StateManager is closed; make a new one with StateManager.connect");
    }

    private static void release(@Nullable RedisNode node, @Nullable Connection connection) {
        if (node == null || connection == null) {
            return;
        }
        try {
            node.giveBack(connection);
        } catch (JedisException e) {
            // The pool replaces a broken connection at once, which fails while Redis is away; the call's own failure
            // counts.
            LOG.debug("a broken connection was not replaced: {}", e.getMessage());
        }
    }

    private void pause(String what, int attempt, StateException failure) {
        try {
            Thread.sleep(backoff.before(attempt).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.addSuppressed(e);
            throw new StateException(
                    failure.reason(),
                    what + ": interrupted while waiting to try again; " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        primary.close();
    }

    /** Whether, and until when, a call that failed is tried again. */
    private enum Repeat {
        NEVER,
        /** As often as the options allow. */
        SOME_TIMES,
        /** Once: the sentinels may name another primary, or the same one again. */
        ONCE_AT_ONCE,
        /** Until the time for the call is over: a failover is under way, and nothing was stored. */
        ON_NEW_PRIMARY;

        boolean allows(int attempt, int attempts, long nanos, Duration timeout) {
            return switch (this) {
                case NEVER -> false;
                case SOME_TIMES -> attempt < attempts;
                case ONCE_AT_ONCE -> attempt == 1 && nanos < timeout.toNanos();
                case ON_NEW_PRIMARY -> nanos < timeout.toNanos();
            };
        }
    }

    /** What may be repeated when it is not known whether it was done. */
    enum Safety {
        /** Changes nothing. */
        READ,
        /** Doing it twice leaves the same state as doing it once. */
        IDEMPOTENT,
        /** Doing it twice would tell something twice. */
        ONCE
    }
}
