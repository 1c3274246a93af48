package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.client.internal.Script.Call;
import ai.tatbot.state.client.internal.Script.Outcome;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StrokeProgress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Keeps the leases of the sessions that this process runs, whether they draw, are paused or slow: every third of a lease, all
 * of them in one round trip. One daemon thread, which starts with the first session. Thread-safe.
 */
public final class SessionLeases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLeases.class);
    private static final Script LEASE = Script.of("refuse.lua", "log.lua", "turns.lua", "lease.lua");

    /** After a failure; a lease that is much longer than an outage shall not wait for its turn. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final RedisConnections redis;
    private final Namespace namespace;
    private final Duration lease;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Thread thread;

    /** What was reported and has not ended yet. Only the thread uses it. */
    private Problem.@Nullable Kind reported;

    public SessionLeases(RedisConnections redis, Namespace namespace, Duration lease) {
        this.redis = redis;
        this.namespace = namespace;
        this.lease = lease;
    }

    /** Begins to renew the lease of a session that was just written. */
    public void hold(Held session) {
        held.add(session);
        synchronized (this) {
            if (thread == null && stop.getCount() > 0) {
                thread =
                        new Thread(this::run, "tatbot-leases-" + redis.options().nodeId());
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    /** Ends it. */
    public void release(Held session) {
        held.remove(session);
    }

    /** Renews no more. Returns at once; leases run out by themselves. */
    @Override
    public void close() {
        stop.countDown();
    }

    private void run() {
        Duration third = lease.dividedBy(3);
        Duration wait = third;
        while (!stoppedWithin(wait)) {
            wait = renewAll() || third.compareTo(RETRY) < 0 ? third : RETRY;
        }
    }

    private boolean stoppedWithin(Duration wait) {
        try {
            return stop.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts it but a problem listener that interrupts itself, which must not end the leases.
            return stop.getCount() == 0;
        }
    }

    private boolean renewAll() {
        List<Held> sessions = List.copyOf(held);
        if (sessions.isEmpty()) {
            return true;
        }
        try {
            List<Call> calls = sessions.stream().map(this::call).toList();
            List<Outcome> outcomes =
                    redis.run("renewing leases", Safety.IDEMPOTENT, connection -> Script.runAll(connection, calls));
            boolean renewed = true;
            for (int i = 0; i < sessions.size(); i++) {
                renewed &= settled(sessions.get(i), outcomes.get(i));
            }
            if (renewed && reported != null) {
                reported = null;
                LOG.info("leases are renewed again");
            }
            return renewed;
        } catch (StateException e) {
            failed(sessions.get(0), e);
        } catch (RuntimeException | Error e) {
            report(Problem.Kind.SIDE_EFFECT_FAILED, sessions.get(0), e);
        }
        return false;
    }

    private Call call(Held session) {
        return new Call(
                LEASE,
                List.of(
                        namespace.key(session.key),
                        namespace.key(Keys.indexSessions()),
                        namespace.key(Keys.strokeHistory(session.key.id()))),
                List.of(
                        bytes(Keys.STROKE_PROGRESS.documentField().orElseThrow()),
                        bytes(Long.toString(session.fence)),
                        WriteArguments.millis(lease),
                        WriteArguments.ttl(Keys.STROKE_PROGRESS),
                        WriteArguments.ttl(Keys.STROKE_HISTORY),
                        bytes(session.key.id())));
    }

    /** @return whether there is nothing to try again */
    private boolean settled(Held session, Outcome outcome) {
        JedisDataException error = outcome.error();
        if (error == null) {
            WriteReply.reportNote(redis, session.key.name(), outcome.reply());
            return true;
        }
        if (String.valueOf(error.getMessage()).startsWith("ABSENT")) {
            // Lost with its Redis, or deleted: the session's next write makes it anew.
            return true;
        }
        StateException failure = redis.errors().answered("renewing the lease of " + session.key, error);
        if (failure.reason() == Reason.CONFLICT) {
            release(session);
            session.lost.accept(failure);
            return true;
        }
        failed(session, failure);
        return false;
    }

    private void failed(Held session, StateException e) {
        switch (e.reason()) {
            case CLOSED -> stop.countDown();
            case UNAVAILABLE, TIMEOUT, BUSY -> report(Problem.Kind.DISCONNECTED, session, e);
            default -> report(Problem.Kind.SIDE_EFFECT_FAILED, session, e);
        }
    }

    private void report(Problem.Kind kind, Held session, Throwable failure) {
        // What was an outage may become a refusal, which is another thing to put right.
        if (reported != kind && stop.getCount() > 0) {
            reported = kind;
            redis.report(new Problem(
                    kind,
                    session.key.name(),
                    "lease not renewed: " + failure.getMessage()
                            + "; it is tried again. If that fails for long, another node ends the session as interrupted.",
                    failure));
        }
    }

    /**
     * A running session.
     *
     * @param fence number of its writer, this process
     * @param lost told once that another writer owns it, or that it was ended by someone else; must be quick
     */
    public record Held(Key<StrokeProgress> key, long fence, Consumer<StateException> lost) {}
}
