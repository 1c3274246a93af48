package ai.tatbot.state.server.http.events;

import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.server.live.Batch;
import ai.tatbot.state.server.live.ChangeFeed;
import ai.tatbot.state.server.live.Cursor;
import ai.tatbot.state.server.live.Filter;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.live.News;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all clients what is new, from one thread, in rounds. What clients with the same wishes are told is encoded once. A client that is
 * still busy with its last write is passed over.
 */
final class Broadcaster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Broadcaster.class);
    private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LAST_WORDS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LEAST_ROUND_MILLIS = 50;
    private static final long MOST_ROUND_MILLIS = 100;

    private final LiveFleet fleet;
    private final Frames frames;
    private final Beginnings beginnings;
    private final StreamMeter meter;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final ChangeFeed.Registration registration;
    private final Thread thread;
    private volatile boolean news;
    private volatile boolean closed;

    Broadcaster(LiveFleet fleet, Frames frames, Beginnings beginnings, StreamMeter meter) {
        this.beginnings = beginnings;
        this.fleet = fleet;
        this.frames = frames;
        this.meter = meter;
        this.thread = new Thread(this::run, "tatbot-events");
        thread.setDaemon(true);
        this.registration = fleet.changes().onNews(this::wake);
        thread.start();
    }

    void wake() {
        if (!news) {
            news = true;
            LockSupport.unpark(thread);
        }
    }

    void add(EventStream stream) {
        streams.add(stream);
        wake();
    }

    void remove(EventStream stream) {
        streams.remove(stream);
    }

    int size() {
        return streams.size();
    }

    /** With many clients a round takes some time itself; fewer rounds leave the processor to others. */
    private long roundNanos() {
        return TimeUnit.MILLISECONDS.toNanos(Math.min(MOST_ROUND_MILLIS, LEAST_ROUND_MILLIS + streams.size() / 20));
    }

    private void run() {
        while (!closed) {
            long start = System.nanoTime();
            news = false;
            try {
                round(start);
            } catch (RuntimeException e) {
                LOG.error("a round of events failed; the next may not", e);
            }
            pauseUntil(start + roundNanos(), false);
            pauseUntil(start + LONGEST_PAUSE_NANOS, true);
        }
    }

    private void pauseUntil(long nanos, boolean wakeable) {
        long left;
        while (!closed && !(wakeable && news) && (left = nanos - System.nanoTime()) > 0) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void round(long now) {
        WatchStatus link = fleet.link();
        Payloads payloads = new Payloads();
        Cursor head = fleet.changes().head();
        boolean known = beginnings.isPossible();
        for (EventStream stream : streams) {
            if (stream.isWriting() || stream.isOver()) {
                continue;
            }
            if (!stream.isAllowed()) {
                stream.close(frames.goodbye("not_allowed"));
                continue;
            }
            if (stream.awaited != null) {
                if (known) {
                    begin(stream, now);
                    continue;
                }
                stream.cursor = head;
            }
            boolean due = now - stream.dueNanos >= 0 || head.transitions() != stream.cursor.transitions();
            Payload payload = due && !head.equals(stream.cursor)
                    ? payloads.of(stream.filter, stream.cursor)
                    : Payload.nothing(stream.cursor);
            boolean tellStatus = link.condition() != stream.toldCondition
                    || (!link.isLive() && now - stream.lastStatusNanos >= HEARTBEAT_NANOS);
            stream.cursor = payload.cursor();
            if (!payload.isEmpty()) {
                stream.dueNanos = now + stream.intervalNanos;
            }
            if (tellStatus) {
                stream.toldCondition = link.condition();
                stream.lastStatusNanos = now;
                stream.write(Frames.concat(frames.status(link), payload.bytes()), now);
            } else if (!payload.isEmpty()) {
                stream.write(payload.bytes(), now);
            } else if (now - stream.lastWriteNanos >= HEARTBEAT_NANOS) {
                stream.write(Frames.HEARTBEAT, now);
            }
        }
    }

    /** Tells a client that came before anything was known. */
    private void begin(EventStream stream, long now) {
        Subscription subscription = Objects.requireNonNull(stream.awaited);
        stream.awaited = null;
        Payload payload = beginnings.of(subscription);
        stream.cursor = payload.cursor();
        // It may have turned since the beginning was put together; the next round tells it.
        stream.toldCondition = null;
        stream.write(payload.bytes(), now);
    }

    private Payload tell(Filter filter, Cursor cursor) {
        Batch batch = fleet.changes().since(cursor, filter);
        if (!batch.snapshot()) {
            batch.items().forEach(item -> {
                if (item.news() instanceof News.OfDocument document) {
                    meter.told(document.change());
                }
            });
        }
        return new Payload(beginnings.told(batch), batch.cursor());
    }

    /** Says goodbye to everyone. */
    @Override
    public void close() {
        registration.close();
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // A write under way is given a moment, so that its client hears the last word, too.
        long deadline = System.nanoTime() + LAST_WORDS_NANOS;
        while (System.nanoTime() < deadline && streams.stream().anyMatch(EventStream::isWriting)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        streams.forEach(stream -> stream.close(frames.goodbye("shutdown")));
    }

    private record Wish(Filter filter, Cursor cursor) {}

    /** What is told in one round. Most clients want the same and stand at the same place, so the last one is looked at first. */
    private final class Payloads {
        private final Map<Wish, Payload> made = new HashMap<>();
        private @Nullable Wish lastWish;
        private @Nullable Payload last;

        Payload of(Filter filter, Cursor cursor) {
            Wish wish = lastWish;
            if (wish != null && last != null && wish.cursor.equals(cursor) && wish.filter.equals(filter)) {
                return last;
            }
            wish = new Wish(filter, cursor);
            Payload payload = made.get(wish);
            if (payload == null) {
                payload = tell(filter, cursor);
                made.put(wish, payload);
            }
            lastWish = wish;
            last = payload;
            return payload;
        }
    }
}
