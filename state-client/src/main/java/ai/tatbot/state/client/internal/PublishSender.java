package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.model.InvalidValueException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.resps.StreamEntry;

/**
 * Empties the queue of a publisher: takes what is there, sends it in one flush, reads the answers. One thread.
 *
 * <p>When a connection breaks, it is not known what was stored of that which was not answered. Positions are sent again, unless
 * there is a newer one. A transition stands in {@code events:log} if it was stored, and is looked for there; only if it is not
 * found is it sent again, before all that came later.
 */
final class PublishSender implements Runnable {
    /** What goes out in one flush: enough to keep Redis busy, little enough to fit into the buffers of the network. */
    private static final int BATCH = 200;

    /** How often a write may meet a document that has changed, until its session counts as lost. */
    private static final int MOST_CONFLICTS = 5;

    private static final long SHORTEST_NAP = 250_000;
    private static final long LONGEST_NAP = 10_000_000;
    private static final long NAPS_UNTIL = 2_000_000_000;
    private static final long PING_EVERY = 1_000_000_000;
    private static final long TELL_EVERY = 60_000_000_000L;
    private static final long TELL_REFUSED_EVERY = 1_000_000_000;
    private static final int MOST_TOLD = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(PublishSender.class);

    private final RedisConnections redis;
    private final Namespace namespace;
    private final PublishQueue queue;
    private final PublishLink link;
    private final Renewals renewals = new Renewals(System::nanoTime);
    private final Backoff reconnect;
    private final Backoff refusal = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));
    private final Queue<PublishItem> again = new PriorityQueue<>(Comparator.comparingLong(item -> item.number));
    private final List<PublishItem> unsure = new ArrayList<>();
    private final Set<PublishSession> live = new LinkedHashSet<>();
    private final Map<String, Long> told = new HashMap<>();

    private long taken;
    private long batches;
    private int attempts;
    private int refusals;
    private @Nullable Reason toldOffline;
    private Instant opened = Instant.now();
    private boolean logReadable = true;
    private String lastEntry = "0-0";

    private long lastBusy = System.nanoTime();
    private long lastSpoken = System.nanoTime();
    private long lastLookAtLeases = System.nanoTime();
    private long refusedTold;
    private long lastToldRefused;

    private volatile boolean closing;
    private volatile long deadline;
    private volatile boolean over;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong transitionsSent = new AtomicLong();
    private final AtomicLong transitionsLost = new AtomicLong();
    private final AtomicLong sessionsLost = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable Instant connectedSince;
    private volatile @Nullable Instant disconnectedSince = Instant.now();
    private volatile @Nullable String lastError;

    PublishSender(RedisConnections redis, Namespace namespace, PublishQueue queue, PublishLink link) {
        this.redis = redis;
        this.namespace = namespace;
        this.queue = queue;
        this.link = link;
        this.reconnect =
                new Backoff(redis.options().retryDelay(), redis.options().maxRetryDelay());
    }

    @Override
    public void run() {
        while (!isDone()) {
            try {
                step();
            } catch (JedisConnectionException e) {
                disconnected(redis.errors().broken("publishing", e, true));
            } catch (StateException e) {
                disconnected(e);
            } catch (JedisDataException e) {
                // An answer outside a batch: the user lost its rights, or Redis is loading.
                StateException failure = redis.errors().answered("publishing", e);
                disconnected(failure);
                if (failure.reason() != Reason.BUSY) {
                    pause(refusal.before(++refusals));
                }
            } catch (Throwable e) {
                // Whatever it is, the robot's next states must still get out.
                disconnected(new StateException(Reason.INTERNAL, "publishing failed: " + e, e));
                pause(refusal.before(++refusals));
            }
        }
        over = true;
        link.end();
    }

    /** Ends once all is sent, or at this time of {@link System#nanoTime()}. */
    void close(long until) {
        deadline = until;
        closing = true;
    }

    private boolean isDone() {
        return closing
                && (System.nanoTime() - deadline >= 0 || (queue.isEmpty() && again.isEmpty() && unsure.isEmpty()));
    }

    private void step() {
        if (Thread.interrupted()) {
            LOG.debug("a problem listener interrupted the thread of the publisher");
        }
        tellRefused();
        if (!link.isOpen() && !connect()) {
            return;
        }
        if (!unsure.isEmpty()) {
            findOut();
        }
        renewLeases();
        List<PublishItem> batch = collect();
        if (batch.isEmpty()) {
            idle();
        } else {
            exchange(batch);
            lastBusy = System.nanoTime();
            lastSpoken = lastBusy;
        }
    }

    // ---- the connection

    private boolean connect() {
        if (link.number() > 0 || attempts > 0) {
            pause(reconnect.before(Math.max(1, attempts)));
            if (isDone()) {
                return false;
            }
        }
        attempts++;
        try {
            link.open();
            opened = Instant.now();
        } catch (StateException e) {
            fail(e.getMessage());
            tellOffline(e);
            if (e.reason() == Reason.DENIED || e.reason() == Reason.INVALID) {
                // It will not change soon, and Redis and its log should not suffer from it.
                pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(2_000, 5_000)));
            }
            return false;
        }
        if (unsure.isEmpty()) {
            lookAtLog();
            online();
        }
        return true;
    }

    /** What is sent from now on is behind the entry that is the newest now. */
    private void lookAtLog() {
        try {
            lastEntry = link.newestEntry();
            logReadable = true;
        } catch (JedisDataException e) {
            StateException failure = redis.errors().answered("reading events:log", e);
            if (failure.reason() != Reason.DENIED && failure.reason() != Reason.INVALID) {
                throw e;
            }
            if (logReadable) {
                report(
                        Problem.Kind.SIDE_EFFECT_FAILED,
                        "events:log",
                        failure.getMessage()
                                + " A transition that is on its way when the connection breaks cannot be looked for, and"
                                + " will not be sent again.",
                        e);
            }
            logReadable = false;
        }
    }

    private void online() {
        toldOffline = null;
        if (connectedSince == null) {
            connectedSince = opened;
            disconnectedSince = null;
        }
    }

    private void disconnected(StateException failure) {
        link.abort();
        if (closing && System.nanoTime() - deadline >= 0) {
            return;
        }
        fail(failure.getMessage());
        tellOffline(failure);
    }

    private void tellOffline(StateException failure) {
        if (connectedSince != null || disconnectedSince == null) {
            disconnectedSince = Instant.now();
            connectedSince = null;
        }
        if (toldOffline != failure.reason()) {
            boolean first = toldOffline == null;
            toldOffline = failure.reason();
            if (first || failure.reason() == Reason.DENIED || failure.reason() == Reason.INVALID) {
                report(
                        Problem.Kind.DISCONNECTED,
                        "publisher",
                        failure.getMessage() + " Trying again; of positions the latest is kept, transitions all.",
                        failure);
            }
        }
    }

    // ---- after an outage

    /** Finds out what was stored of that which was not answered, and puts the rest before all else. */
    private void findOut() {
        for (PublishItem item : unsure) {
            if (item instanceof PublishDocument<?> document) {
                read(document.key);
            }
        }
        Set<PublishItem> found = logged();
        List<PublishItem> rest = new ArrayList<>();
        List<PublishItem> asked = List.copyOf(unsure);
        for (PublishItem item : asked) {
            boolean stored = found.contains(item) || isShown(item);
            if (stored) {
                stored(item);
            } else if (item.isTransition() && !logReadable) {
                drop(
                        item,
                        item.what() + ": the connection broke before the answer, and this user may not read events:log."
                                + " It is not known whether it was stored, and it is not sent again.",
                        null);
            } else {
                rest.add(item);
            }
        }
        unsure.clear();
        again.addAll(rest);
        for (PublishItem item : asked) {
            if (item instanceof PublishDocument<?> document) {
                document.key.settle();
                if (document.key instanceof PublishSession session) {
                    tellLost(session);
                }
            }
        }
        online();
    }

    private static boolean isShown(PublishItem item) {
        return item instanceof PublishDocument<?> document
                && document.write != null
                && document.isTransition()
                && document.key.shows(document.write);
    }

    private void read(PublishKey<?> key) {
        List<byte[]> wanted = key.wanted(link.number());
        if (!wanted.isEmpty()) {
            try {
                key.learn(link.number(), link.read(key.key(), wanted));
            } catch (JedisDataException e) {
                Reason reason =
                        redis.errors().answered("reading " + key.key(), e).reason();
                if (reason != Reason.INVALID && reason != Reason.DENIED) {
                    throw e;
                }
                // As if nothing were there: the write itself says what is wrong.
                key.learn(link.number(), Collections.nCopies(wanted.size(), null));
            }
        }
    }

    /** Those of the unsure transitions that stand in the log. Two of the same bytes are told apart by their order. */
    private Set<PublishItem> logged() {
        Map<String, Deque<PublishItem>> sought = new HashMap<>();
        for (PublishItem item : unsure) {
            if (item.isTransition()) {
                sought.computeIfAbsent(fingerprint(item), ignored -> new ArrayDeque<>())
                        .add(item);
            }
        }
        Set<PublishItem> found = new LinkedHashSet<>();
        if (sought.isEmpty() || !logReadable) {
            return found;
        }
        List<Logged> logged = new ArrayList<>();
        link.entriesAfter(lastEntry, entry -> {
            Deque<PublishItem> alike = sought.get(fingerprint(entry));
            PublishItem first = alike == null ? null : alike.poll();
            if (first != null) {
                found.add(first);
                logged.add(new Logged(
                        entry.getID().toString(),
                        LogEntry.number(entry.getFields().get("seq"))));
            }
        });
        // Only now: if the connection breaks in between, all of them must be looked for again.
        for (Logged one : logged) {
            lastEntry = one.id();
            redis.given(one);
        }
        return found;
    }

    private String fingerprint(PublishItem item) {
        if (item instanceof PublishEvent event) {
            return Namespace.text(event.channel) + ' ' + Namespace.text(event.tail);
        }
        if (item instanceof PublishDocument<?> document && document.write != null) {
            for (Message<?> message : document.write.messages) {
                if (message.isTransition()) {
                    return Namespace.text(namespace.channel(message.channel())) + ' ' + Namespace.text(message.tail());
                }
            }
        }
        throw new IllegalStateException(item.what() + " tells no transition");
    }

    /** The log has the revision in front of what we sent, or nothing. */
    private static String fingerprint(StreamEntry entry) {
        String event = entry.getFields().getOrDefault("event", "");
        int start = event.startsWith("{\"rev\":") ? event.indexOf(',') + 1 : Math.min(1, event.length());
        return entry.getFields().getOrDefault("channel", "") + ' ' + event.substring(start);
    }

    // ---- batches

    private List<PublishItem> collect() {
        batches++;
        int most = refusals > 0 ? 1 : BATCH;
        List<PublishItem> batch = new ArrayList<>();
        while (batch.size() < most) {
            boolean first = again.isEmpty();
            PublishItem item = first ? queue.peek() : again.peek();
            if (item == null) {
                break;
            }
            if (item instanceof PublishMarker marker) {
                if (!batch.isEmpty()) {
                    break;
                }
                marker.droppedAfter = drops();
                marker.reached.countDown();
            } else if (item instanceof PublishDocument<?> document) {
                if (!wanted(document, batch)) {
                    break;
                }
            }
            if (first) {
                queue.remove();
            } else {
                again.remove();
            }
            if (item.number == 0) {
                item.number = ++taken;
            }
            if (isSendable(item)) {
                batch.add(item);
            }
        }
        return batch;
    }

    /** Whether this can go with this batch; reads what must be known before. */
    private boolean wanted(PublishDocument<?> document, List<PublishItem> batch) {
        PublishKey<?> key = document.key;
        if (key.decides && key.batch == batches) {
            return false;
        }
        if (!key.wanted(link.number()).isEmpty()) {
            if (!batch.isEmpty()) {
                return false;
            }
            read(key);
            key.settle();
            online();
        }
        return true;
    }

    private boolean isSendable(PublishItem item) {
        if (item instanceof PublishMarker) {
            return false;
        }
        if (!(item instanceof PublishDocument<?> document)) {
            return true;
        }
        if (document.write == null && !build(document)) {
            return false;
        }
        String lost = document.key.lost();
        if (lost != null) {
            drop(document, null, null);
            return false;
        }
        if (document.tried && isSuperseded(document)) {
            if (document.offered) {
                queue.conflate();
            }
            release(document);
            return false;
        }
        return prepare(document);
    }

    private boolean prepare(PublishDocument<?> document) {
        DocumentWrite<?> write = document.write;
        if (write == null) {
            return false;
        }
        try {
            document.arguments = new WriteArguments(write, namespace, redis.lastSeq());
        } catch (InvalidValueException e) {
            drop(document, document.what() + ": " + e.getMessage() + ". It was dropped.", e);
            return false;
        }
        document.key.prepare(write);
        document.key.batch = batches;
        return true;
    }

    private <V> boolean build(PublishDocument<V> document) {
        V value = document.take();
        if (value == null) {
            return false;
        }
        try {
            document.write = document.key.write(value);
            return true;
        } catch (InvalidValueException e) {
            drop(document, document.what() + ": " + e.getMessage() + ". It was dropped.", e);
            return false;
        }
    }

    private static boolean isSuperseded(PublishDocument<?> document) {
        PublishDocument<?> open = document.key.open;
        return !document.isTransition()
                && (document.key.storedNumber > document.number || (open != null && open.isWaiting()));
    }

    private void exchange(List<PublishItem> batch) {
        int answered = 0;
        List<PublishItem> refused = new ArrayList<>();
        Reason hold = null;
        try {
            for (PublishItem item : batch) {
                send(item);
            }
            while (answered < batch.size()) {
                PublishItem item = batch.get(answered);
                String reply = null;
                JedisDataException error = null;
                try {
                    reply = link.receive();
                } catch (JedisDataException e) {
                    error = e;
                }
                answered++;
                if (reply != null) {
                    stored(item, reply);
                } else if (error != null) {
                    Reason reason = refused(item, error, refused);
                    hold = reason == null ? hold : reason;
                }
            }
            link.done();
            attempts = 0;
            online();
        } finally {
            unsure.addAll(batch.subList(answered, batch.size()));
            again.addAll(refused);
        }
        if (hold == null) {
            return;
        }
        if (hold == Reason.READ_ONLY) {
            // There may be another primary by now.
            link.abort();
        }
        pause(refusal.before(++refusals));
    }

    private void send(PublishItem item) {
        if (item instanceof PublishEvent event) {
            link.send(
                    DocumentWriter.APPEND,
                    WriteArguments.appendKeys(namespace),
                    WriteArguments.append(event.channel, event.tail, redis.lastSeq()));
        } else if (item instanceof PublishDocument<?> document
                && document.write != null
                && document.arguments != null) {
            DocumentWrite<?> write = document.write;
            WriteArguments arguments = document.arguments;
            boolean renew = document.anew || renewals.isDue(write);
            if (renew || !write.isOnePosition()) {
                link.send(DocumentWriter.WRITE, arguments.writeKeys(), arguments.write(renew));
            } else {
                link.send(DocumentWriter.UPDATE, arguments.updateKeys(), arguments.update());
            }
            document.anew = renew;
            document.tried = true;
            document.arguments = null;
        }
    }

    private void stored(PublishItem item, String reply) {
        int end = reply.indexOf('\n');
        if (end >= 0) {
            report(
                    Problem.Kind.SIDE_EFFECT_FAILED,
                    item.source(),
                    "stored and published, but what goes with it failed: " + reply.substring(end + 1),
                    null);
        }
        if (item instanceof PublishEvent) {
            given(Logged.parse(end < 0 ? reply : reply.substring(0, end)));
        } else if (item instanceof PublishDocument<?> document && document.write != null) {
            WriteReply parsed = WriteReply.parse(reply);
            if (document.anew || parsed.created()) {
                renewals.done(document.write);
            }
            parsed.logged().forEach(this::given);
        }
        refusals = 0;
        stored(item);
    }

    private void given(Logged logged) {
        lastEntry = logged.id();
        redis.given(logged);
    }

    private void stored(PublishItem item) {
        if (item.isTransition()) {
            transitionsSent.incrementAndGet();
        }
        release(item);
        if (item instanceof PublishDocument<?> document && document.write != null) {
            if (document.offered) {
                sent.incrementAndGet();
            }
            PublishKey<?> key = document.key;
            key.storedNumber = Math.max(key.storedNumber, document.number);
            key.stored(document.write);
            if (key instanceof PublishSession session) {
                if (session.isLive()) {
                    live.add(session);
                } else {
                    live.remove(session);
                }
            }
        }
    }

    /** Deals with an error. Returns why there must be a pause, or null. */
    private @Nullable Reason refused(PublishItem item, JedisDataException error, List<PublishItem> retry) {
        String text = String.valueOf(error.getMessage());
        if (text.startsWith("NOSCRIPT")) {
            retry.add(item);
            return null;
        }
        if (item instanceof PublishDocument<?> document) {
            if (text.startsWith("ABSENT")) {
                // The key is gone: the longer script makes it anew.
                document.anew = true;
                retry.add(item);
                return null;
            }
            if (text.startsWith("CONFLICT") && ++item.conflicts <= MOST_CONFLICTS) {
                document.key.unlearn();
                unsure.add(item);
                return null;
            }
            if (text.startsWith("FENCED") || text.startsWith("CONFLICT")) {
                lose(document, redis.errors().answered(item.what(), error));
                return null;
            }
        }
        StateException failure = redis.errors().answered(item.what(), error);
        fail(failure.getMessage());
        switch (failure.reason()) {
            case OUT_OF_MEMORY, READ_ONLY, BUSY, UNAVAILABLE -> {
                retry.add(item);
                if (mayTell(failure.reason() + item.source())) {
                    report(
                            Problem.Kind.NOT_PUBLISHED,
                            item.source(),
                            failure.getMessage() + " It is kept and tried again, as are all transitions.",
                            failure);
                }
                return failure.reason();
            }
            default -> {
                boolean tell = item.isTransition() || mayTell(failure.reason() + item.source());
                drop(item, tell ? failure.getMessage() + " It was dropped." : null, failure);
                return null;
            }
        }
    }

    private void lose(PublishDocument<?> document, StateException failure) {
        if (document.key instanceof PublishSession session && session.lost() == null) {
            fail(failure.getMessage());
            session.lose("another writer has taken it over or ended it");
        }
        drop(document, null, failure);
    }

    private void drop(PublishItem item, @Nullable String message, @Nullable Throwable cause) {
        if (item.isTransition()) {
            transitionsLost.incrementAndGet();
        }
        release(item);
        if (item instanceof PublishDocument<?> document) {
            if (document.offered) {
                dropped.incrementAndGet();
            }
            if (document.write != null) {
                document.key.dropped(document.write);
            }
            if (document.key instanceof PublishSession session) {
                tellLost(session);
            }
        }
        if (message != null) {
            report(Problem.Kind.NOT_PUBLISHED, item.source(), message, cause);
        }
    }

    private void tellLost(PublishSession session) {
        String why = session.lost();
        if (why != null && session.tellOnce()) {
            sessionsLost.incrementAndGet();
            live.remove(session);
            report(
                    Problem.Kind.NOT_PUBLISHED,
                    session.key().name(),
                    "the session is lost: " + why + ". What is offered to it is dropped; start a new one.",
                    null);
        }
    }

    private void release(PublishItem item) {
        if (item instanceof PublishEvent || (item instanceof PublishDocument<?> document && document.reserved)) {
            queue.release();
        }
    }

    // ---- time

    /** Naps as long as something may come any moment, since to be woken costs those who offer; then sleeps. */
    private void idle() {
        long now = System.nanoTime();
        if (now - lastSpoken > PING_EVERY) {
            link.ping();
            lastSpoken = System.nanoTime();
            attempts = 0;
            online();
        }
        long quiet = now - lastBusy;
        if (closing) {
            return;
        }
        if (quiet < NAPS_UNTIL) {
            LockSupport.parkNanos(this, Math.max(SHORTEST_NAP, Math.min(quiet / 8, LONGEST_NAP)));
        } else {
            queue.sleep(live.isEmpty() ? PING_EVERY : leaseCheck());
        }
    }

    /** A session that stands still, paused perhaps, is written again, lest it be taken for one whose writer has died. */
    private void renewLeases() {
        long now = System.nanoTime();
        if (live.isEmpty() || now - lastLookAtLeases < leaseCheck()) {
            return;
        }
        lastLookAtLeases = now;
        for (Iterator<PublishSession> sessions = live.iterator(); sessions.hasNext(); ) {
            PublishSession session = sessions.next();
            if (!session.isLive()) {
                sessions.remove();
            } else if (renewals.isDue(session.sample())) {
                PublishItem renewal = session.renewal();
                renewal.number = ++taken;
                again.add(renewal);
            }
        }
    }

    private long leaseCheck() {
        return Math.min(PING_EVERY, redis.options().sessionLease().toNanos() / 8);
    }

    private void pause(Duration longest) {
        long until = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos(); left > 0 && !isDone(); left = until - System.nanoTime()) {
            LockSupport.parkNanos(this, Math.min(left, 50_000_000));
        }
    }

    // ---- what it says

    private void tellRefused() {
        long refused = queue.refused();
        long now = System.nanoTime();
        if (refused > refusedTold && (refusedTold == 0 || now - lastToldRefused > TELL_REFUSED_EVERY)) {
            report(
                    Problem.Kind.NOT_PUBLISHED,
                    "publisher",
                    (refused - refusedTold)
                            + " transitions were refused, because too many wait to be sent; they are lost."
                            + " Raise publisherQueue if outages are to be that long.",
                    null);
            refusedTold = refused;
            lastToldRefused = now;
        }
    }

    /** Whether this was not told for a minute: a loop would repeat it a thousand times a second. */
    private boolean mayTell(String what) {
        long now = System.nanoTime();
        Long before = told.get(what);
        if (before != null && now - before < TELL_EVERY) {
            return false;
        }
        if (told.size() >= MOST_TOLD) {
            told.clear();
        }
        told.put(what, now);
        return true;
    }

    private void fail(@Nullable String message) {
        failures.incrementAndGet();
        lastError = message;
    }

    private void report(Problem.Kind kind, String source, String message, @Nullable Throwable cause) {
        redis.report(new Problem(kind, source, message, cause));
    }

    // ---- for all threads

    boolean isOver() {
        return over;
    }

    long sent() {
        return sent.get();
    }

    long dropped() {
        return dropped.get();
    }

    long transitionsSent() {
        return transitionsSent.get();
    }

    long transitionsLost() {
        return transitionsLost.get() + queue.refused();
    }

    /** Everything that will never be stored. */
    long drops() {
        return dropped.get() + transitionsLost();
    }

    long sessionsLost() {
        return sessionsLost.get();
    }

    long failures() {
        return failures.get();
    }

    @Nullable
    Instant connectedSince() {
        return connectedSince;
    }

    @Nullable
    Instant disconnectedSince() {
        return disconnectedSince;
    }

    @Nullable
    String lastError() {
        return lastError;
    }
}
