package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import ai.tatbot.state.client.internal.PreparedWrite;
import ai.tatbot.state.client.internal.PrimaryAccess;
import ai.tatbot.state.client.internal.Script;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Sends calls over one connection, as many in a flush as have come since the last one, and sees to it that each comes to something
 * within its deadline. Calls are sent in the order in which they were handed over, also those that Redis has refused for a reason
 * that mends: while there are any, nothing overtakes them.
 *
 * <p>A write of which it is not known whether it was done is never sent again.
 *
 * <p>{@link #submit} is thread-safe; all else happens on the one thread of the connections.
 */
final class Sender {
    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    /** How many commands may be unanswered on the connection; what goes beyond waits here. */
    static final int WINDOW = 4_096;

    private static final int MOST_REFUSALS = 3;

    /** After so long without a word from Redis it is asked for one. */
    private static final Duration PULSE = Duration.ofMillis(750);

    /** Whoever does not answer the pulse for so long is dead. */
    private static final Duration PULSE_ANSWER = Duration.ofSeconds(2);

    /** How long {@link #close} waits for the thread of the connections, beside what it was asked to wait. */
    private static final Duration END = Duration.ofSeconds(2);

    private final PrimaryAccess redis;
    private final StateOptions options;
    private final EventLoop loop;
    private final Completions completions;
    private final Reconnector reconnector;
    private final Queue<Call> intake = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final CompletableFuture<Boolean> idle = new CompletableFuture<>();
    private volatile boolean closed;

    private final Backlog backlog;
    /** Sent, and not yet answered. */
    private final Deque<WireCommand> inFlight = new ArrayDeque<>();

    /** What is to be run {@link #later}. */
    private final Set<Runnable> delayed = new HashSet<>();

    private @Nullable Link link;
    /** Nothing more is sent on the connection, which ends with its last answer. */
    private boolean leaving;

    /** Why there was no connection when one was tried last; null if none was tried, or it succeeded. */
    private @Nullable Throwable away;

    private boolean closing;
    private long heard;
    private @Nullable ScheduledFuture<?> ticks;

    Sender(PrimaryAccess redis, StateOptions options, Links links, Completions completions) {
        this.redis = redis;
        this.options = options;
        this.loop = links.loop();
        this.completions = completions;
        this.backlog = new Backlog(redis, options);
        this.reconnector = new Reconnector(redis, options, links, this);
    }

    /** Begins to keep time, and connects. */
    void start() {
        long period = Math.max(1, Math.min(20, options.timeout().toMillis() / 10));
        ticks = loop.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.MILLISECONDS);
        wake();
    }

    /** Whether the calling thread is the one that must not wait. */
    boolean isMine() {
        return loop.inEventLoop();
    }

    /** Sends it as soon as may be; what becomes of it the call is told. */
    void submit(Call call) {
        intake.add(call);
        wake();
    }

    /** Sends these, with nothing between them. */
    void submit(Collection<? extends Call> calls) {
        intake.addAll(calls);
        wake();
    }

    /** Runs what submits a call later, on the thread of the connections; at once if no more calls are taken. */
    void later(Duration wait, Runnable task) {
        onLoop(() -> {
            if (closing || loop.isShuttingDown()) {
                task.run();
                return;
            }
            delayed.add(task);
            ScheduledFuture<?> unused = loop.schedule(
                    () -> {
                        if (delayed.remove(task)) {
                            task.run();
                        }
                    },
                    wait.toNanos(),
                    TimeUnit.NANOSECONDS);
        });
    }

    private void wake() {
        if (!awake.get() && awake.compareAndSet(false, true)) {
            try {
                loop.execute(this::pump);
            } catch (RejectedExecutionException e) {
                // The thread has ended; whoever comes now is turned away here.
                awake.set(false);
                for (Call call = intake.poll(); call != null; call = intake.poll()) {
                    call.failed(PrimaryAccess.closed());
                }
            }
        }
    }

    private void pump() {
        awake.set(false);
        for (Call call = intake.poll(); call != null; call = intake.poll()) {
            if (closing) {
                call.settle(PrimaryAccess.closed());
            } else if (link == null && away != null) {
                backlog.addWithoutConnection(call, away);
            } else {
                backlog.add(call);
            }
        }
        send();
    }

    private void send() {
        Link to = link;
        if (to == null) {
            if (!closing || !backlog.isEmpty()) {
                reconnector.connect();
            }
            endIfIdle();
            return;
        }
        if (leaving) {
            if (inFlight.isEmpty()) {
                leave(to);
            }
            return;
        }
        if (backlog.hasRefused()) {
            if (!inFlight.isEmpty()) {
                return;
            }
            backlog.refusedFirst();
        }
        sendQueued(to);
        endIfIdle();
    }

    private void sendQueued(Link to) {
        if (!backlog.hasWaiting() || inFlight.size() >= WINDOW) {
            return;
        }
        long now = System.nanoTime();
        List<WireCommand> batch = new ArrayList<>(Math.min(backlog.waiting() + 1, WINDOW));
        Confirmation confirmation = null;
        while (inFlight.size() + batch.size() < WINDOW) {
            Call call = backlog.poll();
            if (call == null) {
                break;
            }
            if (!call.settled) {
                if (options.replicas() > 0 && call.isWrite() && confirmation == null) {
                    confirmation = new Confirmation();
                }
                batch.add(new WireCommand(to, call, now, call.isWrite() ? confirmation : null));
            }
        }
        if (confirmation != null) {
            batch.add(new WireCommand(to, new ReplicaCall(options, confirmation), now, null));
        }
        if (inFlight.isEmpty()) {
            // The silence until now was ours.
            heard = now;
        }
        inFlight.addAll(batch);
        to.send(batch);
    }

    /** Redis has answered. */
    void answered(Link from, WireCommand command) {
        if (!loop.inEventLoop()) {
            loop.execute(() -> answered(from, command));
            return;
        }
        if (from != link) {
            return;
        }
        heard = System.nanoTime();
        if (inFlight.poll() != command) {
            lost(from, new IllegalStateException("the answers are out of step"));
            return;
        }
        take(from, command);
        if (inFlight.isEmpty() || (backlog.hasWaiting() && inFlight.size() <= WINDOW / 2)) {
            wake();
        }
    }

    private void take(Link from, WireCommand command) {
        Call call = command.call();
        Object answer = command.raw();
        if (call.settled) {
            return;
        }
        if (answer instanceof JedisDataException refusal) {
            if (mends(from, call, refusal)) {
                backlog.refused(call);
                return;
            }
        } else {
            backlog.overtaken(call.key());
        }
        if (command.confirmation() != null && answer != null && !(answer instanceof JedisDataException)) {
            command.confirmation().add(call, answer);
            return;
        }
        call.settled = true;
        call.answered(answer, null);
    }

    /** Whether Redis has done nothing, and will do it if it is asked again. */
    private boolean mends(Link from, Call call, JedisDataException refusal) {
        Script.Call script = call.script();
        if (script != null && Script.isUnknown(refusal)) {
            from.forget(script.script());
            return ++call.refusals <= MOST_REFUSALS;
        }
        if (PreparedWrite.isAbsent(refusal)) {
            return call.anew();
        }
        if (PrimaryAccess.isReplica(refusal)) {
            // The name may lead elsewhere by now, and the sentinels to another server.
            leaving = true;
            redis.doubtPrimary(from.address());
            call.failingOver = true;
            return redis.canMove();
        }
        return false;
    }

    /** The connection has ended, or is of no use. */
    void lost(Link from, @Nullable Throwable why) {
        if (!loop.inEventLoop()) {
            try {
                loop.execute(() -> lost(from, why));
            } catch (RejectedExecutionException e) {
                // Closed; nothing is in flight any more.
            }
            return;
        }
        if (from == link) {
            drop(from, why, false);
        }
    }

    private void drop(Link from, @Nullable Throwable why, boolean silent) {
        link = null;
        leaving = false;
        away = null;
        redis.doubtPrimary(from.address());
        from.close();
        List<WireCommand> sent = new ArrayList<>(inFlight);
        inFlight.clear();
        List<Call> reads = new ArrayList<>();
        for (WireCommand command : sent) {
            Call call = command.call();
            if (!call.settled) {
                if (call.isRead() && ++call.misses < options.retryAttempts()) {
                    reads.add(call);
                } else {
                    call.settle(redis.broken(call.what(), why, silent, !call.isRead()));
                }
            }
        }
        backlog.addFirst(reads);
        wake();
    }

    private void leave(Link from) {
        link = null;
        leaving = false;
        away = null;
        from.close();
        send();
    }

    /** There is a connection again. */
    void linked(Link now) {
        if (closed) {
            now.close();
            return;
        }
        link = now;
        leaving = false;
        away = null;
        heard = System.nanoTime();
        send();
    }

    /** There is none for now. */
    void missed(Throwable why) {
        away = why;
        backlog.withoutConnection(why);
        if (!closing || !backlog.isEmpty()) {
            reconnector.connect();
        }
        endIfIdle();
    }

    private void tick() {
        try {
            keepTime();
        } catch (RuntimeException | Error e) {
            // The next one is due all the same.
            LOG.warn("keeping time failed", e);
        }
    }

    private void keepTime() {
        long now = System.nanoTime();
        for (WireCommand command : inFlight) {
            Call call = command.call();
            if (!call.settled && call.isOver(now)) {
                call.settle(redis.broken(call.what(), null, true, !call.isRead()));
            }
        }
        backlog.expire(now);
        Link current = link;
        if (current != null) {
            keepAlive(current, now);
        }
        completions.look();
        endIfIdle();
    }

    private void keepAlive(Link current, long now) {
        WireCommand oldest = inFlight.peek();
        if (oldest != null) {
            long silent = now - Math.max(heard, oldest.sentAt());
            Duration most = oldest.call() instanceof PulseCall && PULSE_ANSWER.compareTo(options.timeout()) < 0
                    ? PULSE_ANSWER
                    : options.timeout();
            if (silent > most.toNanos()) {
                drop(current, null, true);
            }
        } else if (now - heard > PULSE.toNanos() && !leaving) {
            backlog.add(new PulseCall());
            send();
        }
        Address primary = redis.knownPrimary();
        if (link == current && primary != null && !primary.equals(current.address()) && !leaving) {
            leaving = true;
            wake();
        }
    }

    /** Runs it there; at once if the thread has ended. */
    void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    private void endIfIdle() {
        if (closing && backlog.isEmpty() && inFlight.isEmpty()) {
            idle.complete(true);
        }
    }

    /**
     * Takes no more calls, waits a while for those that are under way, and fails the rest as CLOSED. Not on the thread of the
     * connections: there it does not wait.
     */
    void close(Duration wait) {
        onLoop(() -> {
            // What was handed over before still counts, and what was to be sent later is sent now.
            List<Runnable> early = List.copyOf(delayed);
            delayed.clear();
            early.forEach(Runnable::run);
            pump();
            closing = true;
            endIfIdle();
        });
        if (!loop.inEventLoop()) {
            try {
                idle.get(wait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // Time is up.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        reconnector.close();
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        onLoop(() -> {
            end();
            ended.complete(true);
        });
        // What holds the thread up, such as a task of the caller's executor, does not hold the caller up for ever.
        boolean unused = ended.completeOnTimeout(false, END.toNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    private void end() {
        closed = true;
        closing = true;
        if (ticks != null) {
            ticks.cancel(false);
        }
        Link last = link;
        link = null;
        if (last != null) {
            last.close();
        }
        for (WireCommand command : inFlight) {
            Call call = command.call();
            if (!call.settled) {
                call.settle(new StateException(
                        Reason.CLOSED,
                        call.what() + ": this AsyncStateManager was closed before Redis answered."
                                + (call.isRead() ? "" : " It is not known whether this was stored.")));
            }
        }
        inFlight.clear();
        backlog.fail(PrimaryAccess::closed);
    }
}
