package ai.tatbot.state.client.chaos;

import ai.tatbot.state.client.Mirrored;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks the mirrors every 10 ms whether they are live, and if so, compares what they hold with what the writers know to be stored.
 *
 * <p>No allowance is made for a late thread: a mirror that was live after some moment must know whatever was acknowledged half a
 * second before that moment, however late it is asked for it.
 */
final class Checker {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);

    private final Map<StateMirror, WatchScope> mirrors;
    private final Ledger ledger;
    private final Proxy watchersPath;
    private final Violations violations;
    private final Thread thread = new Thread(this::run, "chaos-checker");
    private final AtomicLong live = new AtomicLong();
    private final AtomicLong all = new AtomicLong();
    private final AtomicLong lateNanos = new AtomicLong();
    private volatile boolean stopped;

    Checker(Map<StateMirror, WatchScope> mirrors, Ledger ledger, Proxy watchersPath, Violations violations) {
        this.mirrors = mirrors;
        this.ledger = ledger;
        this.watchersPath = watchersPath;
        this.violations = violations;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
    }

    /** How often a mirror was found live, of how often one was asked. */
    long live() {
        return live.get();
    }

    long all() {
        return all.get();
    }

    /** By how much this thread has been late in all: what the machine took from everyone. */
    long lateNanos() {
        return lateNanos.get();
    }

    private void run() {
        while (!stopped) {
            long before = System.nanoTime();
            LockSupport.parkNanos(TICK);
            lateNanos.addAndGet(Math.max(0, System.nanoTime() - before - TICK));
            try {
                mirrors.forEach(this::check);
            } catch (Throwable e) {
                violations.add("asking a mirror gave " + e);
                return;
            }
        }
    }

    private void check(StateMirror mirror, WatchScope scope) {
        all.incrementAndGet();
        long asked = System.nanoTime();
        if (!mirror.status().isLive()) {
            return;
        }
        Map<Key<? extends Document>, Optional<? extends Mirrored<? extends Document>>> held = new HashMap<>();
        for (Key<? extends Document> key : ledger.keys()) {
            if (scope.includes(key)) {
                held.put(key, mirror.get(key));
            }
        }
        WatchStatus after = mirror.status();
        if (!after.isLive()) {
            return;
        }
        live.incrementAndGet();
        long known = asked - WatchStatus.LIVE_WITHIN.toNanos();
        held.forEach((key, document) -> check(scope, key, document.orElse(null), known, asked));
    }

    private void check(
            WatchScope scope,
            Key<? extends Document> key,
            @Nullable Mirrored<? extends Document> document,
            long known,
            long asked) {
        long revision = document == null ? 0 : document.revision();
        long number = document == null ? 0 : Shared.number(document.value());
        long expectedRevision = ledger.revisionAt(key, known);
        long expectedNumber = ledger.numberAt(key, known);
        String what = null;
        if (revision < expectedRevision) {
            what = "revision " + revision + ", acknowledged half a second before: " + expectedRevision;
        } else if (number < expectedNumber && !ledger.isUnknown(number)) {
            what = "write " + number + ", acknowledged half a second before: " + expectedNumber;
        } else if (revision > 0 && revision < ledger.lowestRevisionAt(known)) {
            what = "revision " + revision + ", which Redis lost more than half a second before";
        }
        if (what != null && !messageWasLost(key)) {
            violations.add("the live mirror of " + scope + " held of " + key + " " + what + "; asked "
                    + (System.nanoTime() - asked) / 1_000 + " us ago, held since "
                    + (document == null ? "-" : document.ageMillis() + " ms"));
        }
    }

    /** TCP loses nothing, so nothing but the next message or the next full read can tell of it; the end of the run checks that one did. */
    private boolean messageWasLost(Key<?> key) {
        List<String> lost = watchersPath.lostMessages();
        return lost.stream().anyMatch(message -> message.contains("\"" + key.id() + "\""));
    }
}
