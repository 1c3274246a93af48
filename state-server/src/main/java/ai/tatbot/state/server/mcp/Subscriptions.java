package ai.tatbot.state.server.mcp;

import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.server.live.Batch;
import ai.tatbot.state.server.live.ChangeFeed;
import ai.tatbot.state.server.live.Cursor;
import ai.tatbot.state.server.live.Filter;
import ai.tatbot.state.server.live.Item;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.live.News;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which session wants to hear of which resource. Tells of a change at once, then not again for a while: whatever happens in that
 * while is told at its end, so the last change always is. Thread-safe.
 */
final class Subscriptions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** The status changes with everything. */
    private static final Duration PAUSE_OF_STATUS = Duration.ofMillis(500);

    private static final Filter DOCUMENTS = new Filter(
            Stream.<KeyKind<?>>of(Keys.ROBOT_STATE, Keys.STROKE_PROGRESS, Keys.NODE_HEALTH)
                    .map(KeyKind::name)
                    .collect(Collectors.toSet()),
            Set.of(),
            Set.of());

    private final LiveFleet fleet;
    private final Listener listener;
    private final Map<String, Set<String>> sessions = new HashMap<>();
    private final Set<String> due = new HashSet<>();
    private final Map<String, Long> told = new HashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ScheduledExecutorService thread;
    private final ChangeFeed.Registration registration;
    private Cursor cursor;
    private WatchStatus.Condition condition;

    /** Who is told. */
    interface Listener {
        /** A resource is another for a session that has subscribed to it. */
        void updated(String sessionId, String uri);

        /** Whether all is as of now has changed. */
        void turned(WatchStatus link);
    }

    Subscriptions(LiveFleet fleet, Listener listener) {
        this.fleet = fleet;
        this.listener = listener;
        this.cursor = fleet.changes().head();
        this.condition = fleet.link().condition();
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "tatbot-mcp-updates");
            daemon.setDaemon(true);
            return daemon;
        });
        this.registration = fleet.changes().onNews(this::wake);
    }

    /** Called on a thread of the feed. */
    private void wake() {
        schedule(0);
    }

    private void schedule(long nanos) {
        if (scheduled.compareAndSet(false, true)) {
            try {
                ScheduledFuture<?> unused = thread.schedule(this::round, nanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("closed");
            }
        }
    }

    /** Several sessions may want the same; each gets it. */
    synchronized void subscribe(String sessionId, String uri) {
        sessions.computeIfAbsent(uri, any -> new HashSet<>()).add(sessionId);
    }

    synchronized void unsubscribe(String sessionId, String uri) {
        sessions.computeIfPresent(uri, (any, wanted) -> {
            wanted.remove(sessionId);
            return wanted.isEmpty() ? null : wanted;
        });
    }

    synchronized void forget(String sessionId) {
        sessions.values().removeIf(wanted -> wanted.remove(sessionId) && wanted.isEmpty());
    }

    /** How many resources are subscribed to. */
    synchronized int count() {
        return sessions.size();
    }

    private void round() {
        scheduled.set(false);
        try {
            collect();
            tell();
        } catch (RuntimeException e) {
            // The next news brings the next round.
            LOG.error("subscribers not told", e);
        }
    }

    private void collect() {
        Batch batch = fleet.changes().since(cursor, DOCUMENTS);
        cursor = batch.cursor();
        WatchStatus link = fleet.link();
        boolean turned = link.condition() != condition;
        condition = link.condition();
        synchronized (this) {
            if (turned || batch.snapshot()) {
                due.addAll(sessions.keySet());
            }
            for (Item item : batch.items()) {
                add(StateUri.STATUS);
                if (item.news() instanceof News.OfDocument document) {
                    StateUri.showing(document.key()).forEach(this::add);
                }
            }
        }
        if (turned) {
            listener.turned(link);
        }
    }

    private void add(String uri) {
        if (sessions.containsKey(uri)) {
            due.add(uri);
        }
    }

    private void tell() {
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        Map<String, Collection<String>> ready = new HashMap<>();
        synchronized (this) {
            told.keySet().retainAll(sessions.keySet());
            for (Iterator<String> uris = due.iterator(); uris.hasNext(); ) {
                String uri = uris.next();
                Long last = told.get(uri);
                long wait = last == null ? 0 : last + pause(uri) - now;
                if (wait > 0) {
                    next = Math.min(next, wait);
                } else {
                    uris.remove();
                    told.put(uri, now);
                    ready.put(uri, List.copyOf(sessions.getOrDefault(uri, Set.of())));
                }
            }
        }
        ready.forEach((uri, wanted) -> wanted.forEach(session -> listener.updated(session, uri)));
        if (next < Long.MAX_VALUE) {
            // Not later than this: until then nothing new is told.
            schedule(Math.min(next, PAUSE.toNanos()));
        }
    }

    private static long pause(String uri) {
        return (uri.equals(StateUri.STATUS) ? PAUSE_OF_STATUS : PAUSE).toNanos();
    }

    @Override
    public void close() {
        registration.close();
        thread.shutdownNow();
    }
}
