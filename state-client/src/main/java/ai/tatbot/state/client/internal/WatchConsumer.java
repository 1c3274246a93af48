package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.StateWatch;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.client.WatchStatus;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener of a watch: its mailbox, and the thread that calls it. */
final class WatchConsumer implements StateWatch.Registration {
    private static final Logger LOG = LoggerFactory.getLogger(WatchConsumer.class);
    private static final long LOG_RETRY_MILLIS = 200;

    private final RedisConnections redis;
    private final EventLog log;
    private final TransitionDecoder decoder;
    private final String what;
    private final boolean exact;
    private final WatchListener listener;
    private final Consumer<WatchConsumer> onClose;
    private final Mailbox box = new Mailbox(System::nanoTime);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /** What it is told last; null if it is to be told nothing more. */
    private volatile @Nullable WatchStatus farewell;

    /** What was read from the log and not told yet. Only the thread uses it. */
    private final Queue<LogEntry> page = new ArrayDeque<>();

    WatchConsumer(
            RedisConnections redis,
            EventLog log,
            TransitionDecoder decoder,
            String what,
            boolean exact,
            WatchListener listener,
            Consumer<WatchConsumer> onClose) {
        this.redis = redis;
        this.log = log;
        this.decoder = decoder;
        this.what = what;
        this.exact = exact;
        this.listener = listener;
        this.onClose = onClose;
        this.thread = Threads.daemon(this::run, "tatbot-listener-" + what);
    }

    void start() {
        thread.start();
    }

    Mailbox box() {
        return box;
    }

    @Override
    public long conflated() {
        return box.conflated();
    }

    private void run() {
        while (!isClosed()) {
            try {
                step();
            } catch (InterruptedException e) {
                // Only the listener can have interrupted its own thread.
                LOG.debug("a listener of {} interrupted its thread", what);
            }
        }
        WatchStatus last = farewell;
        if (last != null) {
            call(last);
        }
    }

    private void step() throws InterruptedException {
        LogCursor cursor = box.left();
        if (cursor != null && page.isEmpty()) {
            readPage(cursor);
        }
        LogEntry entry = page.poll();
        if (entry != null && cursor != null) {
            String upTo = box.leftTo();
            if (box.isLeft(entry.id())) {
                tell(entry, cursor);
            } else {
                giveUp(upTo, "events:log has moved on, or has been lost meanwhile");
                page.clear();
            }
            if (box.caughtUp()) {
                // What comes behind it was put into the box since, or will be.
                page.clear();
            }
        }
        // In turns, so that a long way to catch up holds up nothing else.
        Object content = box.take(entry == null && box.left() == null);
        if (content != null) {
            tell(content);
        }
        long lost = box.takeLostUnlogged();
        if (lost > 0) {
            tell(new LostTransitions(lost, true, "the listener was too slow, and older nodes log none"));
        }
    }

    private void readPage(LogCursor cursor) throws InterruptedException {
        String upTo = box.leftTo();
        try {
            page.addAll(log.after(cursor.id()));
            if (page.isEmpty() && !box.caughtUp()) {
                giveUp(upTo, "events:log has been lost meanwhile");
            }
        } catch (StateException e) {
            if (e.reason() == Reason.DENIED || e.reason() == Reason.INVALID) {
                giveUp(upTo, "events:log cannot be read: " + e.getMessage());
                return;
            }
            closed.await(LOG_RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void giveUp(@Nullable String upTo, String why) {
        long lost = box.giveUp(upTo);
        if (lost > 0) {
            tell(new LostTransitions(lost, exact, "the listener was too slow, and " + why));
        }
    }

    private void tell(LogEntry entry, LogCursor cursor) {
        long lost = cursor.advance(entry.id(), entry.seq(), entry.seqLost());
        if (lost > 0) {
            tell(new LostTransitions(lost, exact, "the listener was too slow, and events:log has moved on"));
            box.told(lost);
        }
        decoder.decode(entry).ifPresent(transition -> {
            tell(transition);
            box.told(1);
        });
    }

    // Whatever an application's listener throws, an error like AssertionError too, the next must be told.
    private void tell(Object content) {
        if (!isClosed()) {
            call(content);
        }
    }

    private void call(Object content) {
        try {
            if (content instanceof StateChange<?> change) {
                listener.onChange(change);
            } else if (content instanceof StateTransition transition) {
                listener.onTransition(transition);
            } else if (content instanceof LostTransitions lost) {
                listener.onLost(lost);
            } else if (content instanceof WatchStatus status) {
                listener.onStatus(status);
            }
        } catch (Throwable e) {
            redis.report(new Problem(
                    Problem.Kind.LISTENER_FAILED,
                    what,
                    "a listener of the watch threw " + e + "; it goes on being called",
                    e));
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /**
     * Ends it without waiting.
     *
     * @param last what it is told before that; null for nothing
     */
    synchronized void end(@Nullable WatchStatus last) {
        if (isClosed()) {
            return;
        }
        farewell = last;
        closed.countDown();
        box.close();
        onClose.accept(this);
    }

    /** Waits for a call under way. */
    void join(long millis) {
        Threads.join(thread, millis);
    }

    @Override
    public void close() {
        end(null);
        join(1_000);
    }
}
