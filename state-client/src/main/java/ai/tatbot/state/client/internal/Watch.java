package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateChange.Cause;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.StateWatch;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.client.WatchStatus.Condition;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.Shown;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link View} current: events from one {@link Feed}, and reads wherever events do not say enough. The feed's thread
 * takes events in, a second one reads; each listener has its own. The lock is held for memory only, never for Redis.
 *
 * <p>Transitions go to the listeners as they are published, in the order of {@code events:log}. As soon as one is missing, and
 * after every connection, they are taken from the log until that has been read to its end; what is published meanwhile is in it.
 */
public final class Watch implements StateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /** Several in the time for which a proof holds, so that a late one does not make the watch stale. */
    private static final Duration PING_EVERY = Duration.ofMillis(100);

    /** How often everything is read, to find what was published by nobody: a write by hand, a key that was removed. */
    private static final Duration RECONCILE_EVERY = Duration.ofSeconds(2);

    /** The same after something that could not be read: more often would let whoever publishes nonsense keep Redis busy. */
    private static final Duration RECONCILE_SOON = Duration.ofMillis(250);

    /** A big fleet is reconciled less often: reading must not take more than this part of the time. */
    private static final int RECONCILE_SHARE = 20;

    private static final Duration READ_RETRY = Duration.ofMillis(100);
    private static final Duration READ_RETRY_FOR_PEOPLE = Duration.ofSeconds(2);

    /** Names of channels are remembered with what they mean; whoever publishes on ever new ones must not fill the memory. */
    private static final int MOST_CHANNELS = 10_000;

    private static final List<String> KEY_EVENTS = List.of("del", "expired", "evicted", "rename_from");

    private final RedisConnections redis;
    private final Namespace namespace;
    private final DocumentReader documents;
    private final Indexes indexes;
    private final WatchScope scope;
    private final EventLog log;
    private final TransitionDecoder decoder;
    private final Consumer<Watch> onClose;
    private final Freshness freshness = new Freshness();
    private final View view = new View(freshness, this::tell);
    private final Feed feed;
    private final Thread reader;
    private final List<WatchConsumer> consumers = new CopyOnWriteArrayList<>();
    private final Map<String, Channel<? extends Event>> channels = new ConcurrentHashMap<>();
    private volatile Turn turn = new Turn(Condition.RECONNECTING, Instant.now(), 1, null, null);
    private volatile boolean closed;

    // The rest belongs to the lock of this.
    private boolean subscribed;

    /** Number of the present connection; what was read over an earlier one is out of date. */
    private int connection;

    private boolean snapshotDue;
    private boolean logDue;

    /** Documents and the log are read in turns: an older node that writes all the time must not hold up the transitions. */
    private boolean logsTurn;

    /** Transitions are taken from the log, not from what is published. */
    private boolean catchingUp = true;

    /** The latest transition that was published while they are taken from the log. */
    private @Nullable String published;

    /** How far listeners have been told of the log; null before the first connection. */
    private @Nullable LogCursor cursor;

    private boolean logDenied;

    /** Documents to be read, and up to when nothing is missing of them. */
    private final Map<Key<? extends Document>, Long> owed = new LinkedHashMap<>();

    private long reconcileAt = Long.MAX_VALUE;
    private long reconciledAt = System.nanoTime();
    private long expiryAt = Long.MAX_VALUE;
    private long notBefore = System.nanoTime();
    private boolean failureReported;

    /** Only the thread that reads uses it. */
    private boolean indexReported;

    Watch(
            RedisConnections redis,
            Namespace namespace,
            DocumentReader documents,
            Indexes indexes,
            WatchScope scope,
            Consumer<Watch> onClose) {
        this.redis = redis;
        this.namespace = namespace;
        this.documents = documents;
        this.indexes = indexes;
        this.scope = scope;
        this.onClose = onClose;
        this.log = new EventLog(redis, namespace);
        this.decoder = new TransitionDecoder(redis, namespace, scope);
        this.feed = feed();
        this.reader = new Thread(this::read, "tatbot-watch-" + scope);
        reader.setDaemon(true);
    }

    private Feed feed() {
        List<byte[]> names = new ArrayList<>();
        List<byte[]> patterns = new ArrayList<>();
        Set<ChannelKind<? extends Event>> kinds = new LinkedHashSet<>();
        if (scope.isEverything()) {
            kinds.addAll(Channels.all());
        } else {
            scope.kinds().forEach(kind -> kinds.addAll(Subjects.channels(kind)));
        }
        for (ChannelKind<? extends Event> kind : kinds) {
            if (kind.parameterNames().isEmpty()) {
                names.add(namespace.channel(kind.of()));
            } else if (scope.key().isPresent()) {
                names.add(namespace.channel(kind.of(scope.key().get().id())));
            } else {
                patterns.add(namespace.pattern(kind));
            }
        }
        List<byte[]> keyEvents = KEY_EVENTS.stream()
                .map(event -> bytes("__keyevent@" + redis.options().database() + "__:" + event))
                .toList();
        return new Feed(redis, "watch of " + scope, names, patterns, keyEvents, PING_EVERY, new Ears());
    }

    void start() {
        feed.start();
        reader.start();
    }

    /** The documents it knows. */
    public View view() {
        return view;
    }

    /** How far it can be relied upon. */
    public Freshness freshness() {
        return freshness;
    }

    @Override
    public WatchScope scope() {
        return scope;
    }

    // ---- condition

    @Override
    public WatchStatus status() {
        Turn now = turn;
        long nanos = System.nanoTime();
        Condition condition = now.condition;
        Instant since = now.since;
        if (condition == Condition.LIVE || condition == Condition.STALE) {
            // Whoever asks learns the truth of this moment, even if the thread that looks after it is late.
            Condition truth = freshness.isLive(nanos) ? Condition.LIVE : Condition.STALE;
            since = truth == condition ? since : Instant.now();
            condition = truth;
        }
        Instant asOf = freshness.everSynced() ? Instant.now().minusNanos(freshness.staleNanos(nanos)) : null;
        String reason = condition == Condition.LIVE ? null : now.reason;
        return new WatchStatus(condition, since, asOf, now.attempt, now.nextTry, reason);
    }

    private synchronized void turn(
            Condition condition, int attempt, @Nullable Instant nextTry, @Nullable String reason) {
        Turn before = turn;
        if (before.condition == Condition.CLOSED
                || (before.condition == condition && before.attempt == attempt && nextTry == null)) {
            return;
        }
        turn = new Turn(
                condition, before.condition == condition ? before.since : Instant.now(), attempt, nextTry, reason);
        WatchStatus status = status();
        consumers.forEach(consumer -> consumer.box().put(status));
        notifyAll();
    }

    private synchronized void look() {
        if (subscribed) {
            boolean live = freshness.isLive(System.nanoTime());
            turn(live ? Condition.LIVE : Condition.STALE, 0, null, live ? null : turn.reason);
        }
    }

    @Override
    public synchronized boolean awaitLive(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!freshness.isLive(System.nanoTime()) && !closed) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return !closed;
    }

    // ---- listeners

    @Override
    public Registration listen(WatchListener listener) {
        WatchConsumer consumer = new WatchConsumer(
                redis, log, decoder, scope.toString(), scope.isEverything(), listener, consumers::remove);
        synchronized (this) {
            if (closed) {
                throw new StateException(Reason.CLOSED, "the watch of " + scope + " is closed; open a new one");
            }
            view.tell(consumer.box()::put);
            consumer.box().put(status());
            consumers.add(consumer);
        }
        consumer.start();
        return consumer;
    }

    private void tell(StateChange<?> change) {
        for (WatchConsumer consumer : consumers) {
            consumer.box().put(change);
        }
    }

    private void tell(StateTransition transition, @Nullable LogCursor logged) {
        for (WatchConsumer consumer : consumers) {
            consumer.box().put(transition, logged);
        }
    }

    private void tell(LostTransitions lost, String before) {
        for (WatchConsumer consumer : consumers) {
            consumer.box().put(lost, before);
        }
    }

    // ---- what is published: the feed's thread

    private void onMessage(byte[] channelName, byte[] message) {
        String name = text(channelName);
        if (name.startsWith("__keyevent@")) {
            onKeyEvent(text(message));
            return;
        }
        Channel<? extends Event> channel = channel(name);
        Event event;
        try {
            if (channel == null) {
                throw new InvalidValueException("no channel of the schema");
            }
            if (message.length > Message.LONGEST) {
                throw new InvalidValueException(
                        "an event must have at most " + Message.LONGEST + " bytes, has " + message.length);
            }
            event = channel.read(message);
        } catch (InvalidValueException e) {
            String source = channel == null ? Shown.text(name) : channel.name();
            redis.report(new Problem(Problem.Kind.INVALID_EVENT, source, e.getMessage() + "; passed over", e));
            reconcileSoon();
            return;
        }
        Key<? extends Document> subject = Subjects.of(event);
        boolean transition = TransitionDecoder.isTransition(channel, event);
        synchronized (this) {
            long now = System.nanoTime();
            if (subject != null && scope.includes(subject)) {
                View.Outcome outcome = view.apply(subject, event, now);
                if (outcome != View.Outcome.DONE) {
                    owe(subject);
                }
                if (outcome == View.Outcome.GAP && !logDenied) {
                    logDue = true;
                    notifyAll();
                }
            }
            if (transition && decoder.includes(event)) {
                onTransition(channel, event);
            }
        }
    }

    private @Nullable Channel<? extends Event> channel(String name) {
        Channel<? extends Event> known = channels.get(name);
        if (known == null) {
            known = Channels.parse(namespace.strip(name)).orElse(null);
            if (known != null) {
                if (channels.size() >= MOST_CHANNELS) {
                    channels.clear();
                }
                channels.put(name, known);
            }
        }
        return known;
    }

    private void onKeyEvent(String name) {
        Optional<Key<?>> key = Keys.parse(namespace.strip(name));
        if (key.isPresent() && key.get().kind().documentField().isPresent() && scope.includes(key.get())) {
            synchronized (this) {
                owe(document(key.get()));
            }
        }
    }

    @SuppressWarnings("unchecked") // only kinds of document are in a scope
    private static Key<? extends Document> document(Key<?> key) {
        return (Key<? extends Document>) key;
    }

    /** Under the lock. */
    private void onTransition(Channel<? extends Event> channel, Event event) {
        String id = event.eventId();
        LogCursor told = cursor;
        if (id == null || told == null || logDenied) {
            tell(new StateTransition(channel, event, false), null);
            return;
        }
        long seq = event.seq() == null ? 0 : event.seq();
        long seqLost = event.seqLost() == null ? 0 : event.seqLost();
        if (!catchingUp && !told.isBehind(id)) {
            return;
        }
        if (!catchingUp && told.isNext(seq, seqLost)) {
            LogCursor before = told.copy();
            told.advance(id, seq, seqLost);
            tell(new StateTransition(channel, event, false), before);
            return;
        }
        // It is in the log, behind what is missing.
        catchingUp = true;
        if (published == null || LogEntry.compare(id, published) > 0) {
            published = id;
        }
        logDue = true;
        notifyAll();
    }

    /** Under the lock. What is received at this moment may have been on its way since the last proof. */
    private void owe(Key<? extends Document> key) {
        owe(key, freshness.provenNanos());
    }

    /** Under the lock. */
    private void owe(Key<? extends Document> key, long nanos) {
        freshness.owesSince(nanos);
        owed.merge(key, nanos, Watch::earlier);
        notifyAll();
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    // ---- what is read: the watch's own thread

    private void read() {
        while (!closed) {
            try {
                step();
                failureReported = false;
            } catch (StateException e) {
                failed(e);
            } catch (InterruptedException e) {
                LOG.debug("the thread of the watch of {} was interrupted", scope);
            } catch (RuntimeException | Error e) {
                failed(new StateException(Reason.INTERNAL, "reading for the watch of " + scope + ": " + e, e));
            }
        }
    }

    private void failed(StateException e) {
        if (closed || e.reason() == Reason.CLOSED) {
            return;
        }
        boolean people = RedisErrors.needsPeople(e) || e.reason() == Reason.INVALID || e.reason() == Reason.INTERNAL;
        synchronized (this) {
            notBefore = System.nanoTime() + (people ? READ_RETRY_FOR_PEOPLE : READ_RETRY).toNanos();
            turn = turn.because(e.getMessage());
            if (failureReported || (!subscribed && !people)) {
                // The feed has told of the outage already.
                return;
            }
            failureReported = true;
        }
        redis.report(new Problem(
                people ? Problem.Kind.SIDE_EFFECT_FAILED : Problem.Kind.DISCONNECTED,
                scope.toString(),
                "the watch is stale: " + e.getMessage() + " It goes on trying.",
                e));
    }

    private void step() throws InterruptedException {
        Work work = await();
        if (work == null) {
            return;
        }
        switch (work) {
            case SNAPSHOT -> readSnapshot();
            case OWED -> readOwed();
            case LOG -> catchUp();
            case RECONCILE -> reconcile();
        }
    }

    /** Waits for the next thing to do. */
    private synchronized @Nullable Work await() throws InterruptedException {
        while (!closed) {
            long now = System.nanoTime();
            long until = Long.MAX_VALUE;
            if (subscribed) {
                if (notBefore - now > 0) {
                    until = notBefore;
                } else if (snapshotDue) {
                    return Work.SNAPSHOT;
                } else if (expiryAt - now <= 0) {
                    expiryAt = view.expired(now, this::oweExpired);
                    continue;
                } else if (reconcileAt - now <= 0) {
                    return Work.RECONCILE;
                } else if (logDue && (logsTurn || owed.isEmpty())) {
                    logsTurn = false;
                    return Work.LOG;
                } else if (!owed.isEmpty()) {
                    logsTurn = true;
                    return Work.OWED;
                } else {
                    until = Math.min(expiryAt, reconcileAt);
                }
            }
            if (until == Long.MAX_VALUE) {
                wait();
            } else {
                // A moment more than nothing, or it would wait for ever.
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(TimeUnit.MILLISECONDS.toNanos(1), until - now));
            }
        }
        return null;
    }

    /** After every connection: all documents, then the transitions that were missed. */
    private void readSnapshot() {
        long begin = System.nanoTime();
        int of;
        synchronized (this) {
            of = connection;
        }
        // The log first: a document that cannot be read must not hold up the transitions.
        catchUp();
        Cause cause = freshness.everSynced() ? Cause.REREAD : Cause.SNAPSHOT;
        if (!readAll(of, cause)) {
            return;
        }
        synchronized (this) {
            if (connection != of || !subscribed || closed) {
                return;
            }
            snapshotDue = false;
            owed.replaceAll((key, since) -> earlier(since, begin));
            oweTheRest();
            freshness.synced(begin);
            reconciled(begin);
            look();
        }
    }

    private void reconcile() {
        long begin = System.nanoTime();
        int of;
        synchronized (this) {
            of = connection;
        }
        try {
            catchUp();
            if (readAll(of, Cause.REREAD)) {
                synchronized (this) {
                    oweTheRest();
                }
            }
        } catch (StateException e) {
            synchronized (this) {
                // What nobody publishes is not known any more from here on.
                freshness.owesSince(begin);
            }
            throw e;
        } finally {
            synchronized (this) {
                reconciled(begin);
            }
        }
    }

    /** Under the lock. */
    private void reconciled(long begin) {
        reconciledAt = System.nanoTime();
        reconcileAt = reconciledAt + reconcileEvery(begin);
    }

    /** Someone has published what cannot be read, and may have written before: does not wait for the next turn. */
    private synchronized void reconcileSoon() {
        if (subscribed && !snapshotDue) {
            long soon = Math.max(System.nanoTime(), reconciledAt + RECONCILE_SOON.toNanos());
            reconcileAt = Math.min(reconcileAt, soon);
            notifyAll();
        }
    }

    private static long reconcileEvery(long begin) {
        return Math.max(RECONCILE_EVERY.toNanos(), RECONCILE_SHARE * (System.nanoTime() - begin));
    }

    /** @return whether this was still the same connection when it was done */
    private boolean readAll(int of, Cause cause) {
        Set<Key<? extends Document>> keys = new LinkedHashSet<>();
        if (scope.key().isPresent()) {
            keys.add(document(scope.key().get()));
        } else {
            scope.kinds()
                    .forEach(kind -> kind.index()
                            .ifPresent(index ->
                                    DocumentReader.keys(kind, ids(index)).forEach(key -> keys.add(document(key)))));
        }
        long stamp;
        synchronized (this) {
            stamp = view.stamp();
            view.keys().forEach(key -> keys.add(document(key)));
        }
        List<StoredDocument<?>> stored = documents.readStored(List.copyOf(keys));
        List<Problem> problems = new ArrayList<>();
        synchronized (this) {
            if (connection != of) {
                return false;
            }
            stored.forEach(document -> apply(document, stamp, cause, problems));
            expiryAt = view.expired(System.nanoTime(), this::oweExpired);
        }
        problems.forEach(redis::report);
        return true;
    }

    /** An index that someone has overwritten lists nothing; what is known without it is followed all the same. */
    private Set<String> ids(KeyKind<Void> index) {
        try {
            Set<String> ids = indexes.ids(index);
            indexReported = false;
            return ids;
        } catch (StateException e) {
            if (e.reason() != Reason.INVALID) {
                throw e;
            }
            if (!indexReported) {
                indexReported = true;
                redis.report(new Problem(
                        Problem.Kind.INVALID_DOCUMENT, index.toString(), String.valueOf(e.getMessage()), e));
            }
            return Set.of();
        }
    }

    private void readOwed() {
        Map<Key<? extends Document>, Long> batch;
        int of;
        long stamp;
        synchronized (this) {
            batch = new LinkedHashMap<>(owed);
            owed.clear();
            of = connection;
            stamp = view.stamp();
        }
        List<StoredDocument<?>> stored;
        try {
            stored = documents.readStored(List.copyOf(batch.keySet()));
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                batch.forEach(this::owe);
            }
            throw e;
        }
        List<Problem> problems = new ArrayList<>();
        synchronized (this) {
            if (connection == of) {
                stored.forEach(document -> apply(document, stamp, Cause.REREAD, problems));
                oweTheRest();
                expiryAt = Math.min(expiryAt, view.expired(System.nanoTime(), this::oweExpired));
                look();
            } else {
                // Whoever wrote it may be in no index, so that a snapshot would not find it.
                batch.forEach(this::owe);
            }
        }
        problems.forEach(redis::report);
    }

    /** Under the lock. */
    private void apply(StoredDocument<?> document, long stamp, Cause cause, List<Problem> problems) {
        Problem problem = document.problem();
        if (problem != null && !view.knowsProblem(document.key(), problem.message())) {
            problems.add(problem);
        }
        if (view.apply(document, stamp, cause, System.nanoTime())) {
            owe(document.key());
        }
    }

    /** Under the lock. */
    private void oweExpired(Key<?> key) {
        owe(document(key), System.nanoTime());
    }

    /** Under the lock. */
    private void oweTheRest() {
        Optional<Long> oldest = owed.values().stream().reduce(Watch::earlier);
        oldest.ifPresentOrElse(freshness::owesOnlySince, freshness::owesNothing);
    }

    /** Tells of what is in the log, until that has been read to its end. */
    private void catchUp() {
        LogCursor told;
        int of;
        synchronized (this) {
            logDue = false;
            of = connection;
            told = cursor;
            if (told == null || logDenied) {
                catchingUp = false;
                return;
            }
            // Until it has been read, nothing that is published is told: it may be in what is being read.
            catchingUp = true;
        }
        try {
            catchUp(told, of);
        } catch (StateException e) {
            if (e.reason() == Reason.DENIED || e.reason() == Reason.INVALID) {
                goWithoutLog(e);
                return;
            }
            synchronized (this) {
                logDue = true;
            }
            throw e;
        }
    }

    /** Transitions are told as they are published from now on, and those that are missed are missed. */
    private void goWithoutLog(StateException e) {
        synchronized (this) {
            logDenied = true;
            catchingUp = false;
            published = null;
        }
        redis.report(new Problem(
                Problem.Kind.SIDE_EFFECT_FAILED,
                Keys.eventsLog().name(),
                "transitions that are missed in an outage will not be caught up: " + e.getMessage(),
                e));
    }

    /** Reads on behind this cursor, which nobody else moves while transitions are taken from the log. */
    private void catchUp(LogCursor told, int of) {
        LogCursor end = log.end();
        synchronized (this) {
            if (connection == of && told.isAheadOf(end)) {
                told.goBackTo(end);
            }
        }
        boolean more = true;
        while (more && !closed) {
            String from;
            synchronized (this) {
                from = told.id();
            }
            List<LogEntry> page = log.after(from);
            List<Optional<StateTransition>> decoded =
                    page.stream().map(decoder::decode).toList();
            synchronized (this) {
                if (connection != of) {
                    return;
                }
                for (int i = 0; i < page.size(); i++) {
                    tell(page.get(i), decoded.get(i), told);
                }
                boolean behind = published != null && told.isBehind(published);
                if (page.isEmpty() || (page.size() < EventLog.PAGE && !behind)) {
                    // If something was published that is not there, the log is gone since; whoever writes next tells.
                    catchingUp = false;
                    published = null;
                    more = false;
                }
            }
        }
    }

    /** Under the lock. */
    private void tell(LogEntry entry, Optional<StateTransition> decoded, LogCursor told) {
        if (!told.isBehind(entry.id())) {
            // It was told meanwhile, as it was published.
            return;
        }
        LogCursor before = told.copy();
        long lost = told.advance(entry.id(), entry.seq(), entry.seqLost());
        if (lost > 0) {
            tell(
                    new LostTransitions(
                            lost,
                            scope.isEverything(),
                            entry.seqLost() > 0
                                    ? "events:log was lost with its Redis, or in a failover"
                                    : "events:log has moved on during an outage"),
                    entry.id());
        }
        decoded.ifPresent(transition -> tell(transition, before));
    }

    // ---- the end

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            turn(Condition.CLOSED, 0, null, null);
            closed = true;
            freshness.unsynced();
            notifyAll();
        }
        feed.end();
        List<WatchConsumer> ended = List.copyOf(consumers);
        ended.forEach(WatchConsumer::end);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        feed.join(left(deadline));
        for (WatchConsumer consumer : ended) {
            consumer.join(left(deadline));
        }
        onClose.accept(this);
    }

    private static long left(long deadline) {
        return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }

    @Override
    public String toString() {
        return "StateWatch[" + scope + ", " + status().text(Instant.now()) + "]";
    }

    private enum Work {
        SNAPSHOT,
        OWED,
        LOG,
        RECONCILE
    }

    /** A turn of the condition, as it was told to the listeners. */
    private record Turn(
            Condition condition,
            Instant since,
            int attempt,
            @Nullable Instant nextTry,
            @Nullable String reason) {
        Turn because(@Nullable String why) {
            return new Turn(condition, since, attempt, nextTry, why);
        }
    }

    private final class Ears implements Feed.Observer {
        @Override
        public void connecting() {
            synchronized (Watch.this) {
                if (cursor != null || logDenied) {
                    return;
                }
            }
            try {
                // Before it listens: whatever is logged from here on is told.
                LogCursor end = log.end();
                synchronized (Watch.this) {
                    cursor = end;
                }
            } catch (StateException e) {
                if (e.reason() != Reason.DENIED && e.reason() != Reason.INVALID) {
                    throw e;
                }
                goWithoutLog(e);
            }
        }

        @Override
        public void subscribed() {
            synchronized (Watch.this) {
                connection++;
                subscribed = true;
                snapshotDue = true;
                catchingUp = true;
                published = null;
                notBefore = System.nanoTime();
                turn(Condition.STALE, 0, null, turn.reason);
                Watch.this.notifyAll();
            }
        }

        @Override
        public void message(byte[] channel, byte[] message) {
            onMessage(channel, message);
        }

        @Override
        public void proven(long nanos) {
            freshness.proven(nanos);
            look();
        }

        @Override
        public void disconnected(StateException failure, int attempt, Duration pause) {
            boolean news;
            synchronized (Watch.this) {
                news = subscribed || turn.reason == null;
                connection++;
                subscribed = false;
                freshness.unsynced();
                turn(Condition.RECONNECTING, attempt, Instant.now().plus(pause), failure.getMessage());
            }
            // Its siblings are most likely dead, too, and would each cost a read its whole timeout.
            redis.dropIdle();
            if (news && !closed) {
                redis.report(new Problem(
                        Problem.Kind.DISCONNECTED,
                        scope.toString(),
                        failure.getMessage() + " The watch is stale until it is back; what is missed is caught up.",
                        failure));
            }
        }

        @Override
        public void tick() {
            look();
        }
    }
}
