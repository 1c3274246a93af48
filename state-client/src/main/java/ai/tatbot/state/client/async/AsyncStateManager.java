package ai.tatbot.state.client.async;

import ai.tatbot.state.client.HistoryEntry;
import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.client.Publication;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateList;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.client.internal.DocumentReader;
import ai.tatbot.state.client.internal.DocumentWriter;
import ai.tatbot.state.client.internal.HistoryReader;
import ai.tatbot.state.client.internal.Indexes;
import ai.tatbot.state.client.internal.KeyInspector;
import ai.tatbot.state.client.internal.Namespace;
import ai.tatbot.state.client.internal.NodeWriter;
import ai.tatbot.state.client.internal.PrimaryAccess;
import ai.tatbot.state.client.internal.RedisConnections;
import ai.tatbot.state.client.internal.RobotWriter;
import ai.tatbot.state.client.internal.SessionIds;
import ai.tatbot.state.client.internal.SessionLeases;
import ai.tatbot.state.client.internal.SessionReader;
import ai.tatbot.state.client.internal.StatusReader;
import ai.tatbot.state.client.internal.Step;
import ai.tatbot.state.client.internal.ToolWriter;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.ErrorReport;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.EventClass;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's way to the shared state that does not block: as {@link ai.tatbot.state.client.StateManager}, with a stage in place of
 * each result. What is sent, checked and stored is the same. Calls of any number of threads go out over one connection, as many
 * in a flush as have come since the last one; writes of one session, and of one robot, are done in the order of the calls.
 *
 * <p>Following ({@code watch}, {@code mirror}, {@code subscribe}) and publishing from a control loop ({@code publisher}) do not block
 * on the other face either, and are only there.
 *
 * <p><b>How many.</b> At most {@link AsyncOptions#inFlight()} calls are under way; what becomes of the next is for {@link
 * AsyncOptions#overflow()} to say. By default its caller waits, so a method may block for that long.
 *
 * <p><b>Failures.</b> Whatever goes wrong the stage fails with, not wrapped: a {@link StateException} or, for arguments that do not
 * fit the schema, an {@link ai.tatbot.state.model.InvalidValueException}. Methods throw nothing. Each stage completes within {@link
 * StateOptions#timeout()}, for each of its round trips. Without a connection writes fail at once. A write whose answer was lost is
 * never sent again: that it may have been stored, its message says. Reads are tried again as {@link StateOptions#retryAttempts()}
 * says. A peer that has fallen silent is noticed within {@link StateOptions#timeout()} if something is asked of it, else within
 * three seconds.
 *
 * <p><b>Threads.</b> Stages complete on daemon threads of this manager, one at a time and in order. What depends on a stage runs there,
 * unless it asks for another place ({@code thenApplyAsync}), or the stage is complete already, when it runs on the calling thread. It
 * may block, wait for another stage or make calls: then another thread takes over within a tenth of a second. {@link
 * AsyncOptions.Builder#executor} names another place. What it throws concerns its own stage only.
 *
 * <p>Needs {@code io.lettuce:lettuce-core} on the class path. Thread-safe.
 */
public final class AsyncStateManager implements AutoCloseable {
    private static final String LETTUCE = "io.lettuce.core.RedisClient";

    private final StateOptions options;
    private final RedisConnections redis;
    private final DocumentReader reader;
    private final DocumentWriter writer;
    private final NodeWriter nodes;
    private final ToolWriter tools;
    private final HistoryReader history;
    private final KeyInspector inspector;
    private final StatusReader status;
    private final SessionLeases leases;
    private final Completions completions;
    private final Links links;
    private final Sender sender;
    private final Admission admission;
    private final Rounds rounds;
    private final AsyncSessions sessions;
    private final AsyncRobots robots;
    private final AsyncOptions async;
    private final AtomicBoolean closed = new AtomicBoolean();

    private AsyncStateManager(StateOptions options, AsyncOptions async) {
        Namespace namespace = new Namespace(options.namespace());
        this.options = options;
        this.async = async;
        this.redis = new RedisConnections(options);
        Indexes indexes = new Indexes(redis, namespace);
        this.reader = new DocumentReader(redis, namespace, indexes);
        this.writer = new DocumentWriter(redis, namespace);
        this.nodes = new NodeWriter(redis, namespace);
        this.tools = new ToolWriter(reader, writer);
        this.history = new HistoryReader(redis, namespace);
        this.inspector = new KeyInspector(redis, namespace);
        this.status = new StatusReader(redis, namespace, indexes, reader);
        this.leases = new SessionLeases(redis, namespace, options.sessionLease());
        PrimaryAccess primary = new PrimaryAccess(redis);
        this.completions = new Completions(async.executor().orElse(null));
        this.links = new Links(primary, options);
        this.sender = new Sender(primary, options, links, completions);
        this.admission = new Admission(completions, sender, async, options);
        this.rounds = new Rounds(primary, options, sender, admission);
        this.sessions = new AsyncSessions(
                primary,
                new SessionReader(redis, namespace),
                writer,
                leases,
                options.sessionLease(),
                rounds,
                sender,
                admission);
        this.robots = new AsyncRobots(
                primary,
                reader,
                writer,
                new RobotWriter(redis, reader, writer, System::nanoTime),
                rounds,
                sender,
                admission);
        sender.start();
    }

    /** As {@link #connect(StateOptions, AsyncOptions)}, with the defaults. */
    public static CompletionStage<AsyncStateManager> connect(StateOptions options) {
        return connect(options, AsyncOptions.defaults());
    }

    /**
     * Connects, and checks that Redis answers and lets this user in; if it does not, the stage fails.
     *
     * @throws StateException MISCONFIGURED if Lettuce is not on the class path
     */
    public static CompletionStage<AsyncStateManager> connect(StateOptions options, AsyncOptions async) {
        AsyncStateManager manager = create(options, async);
        CompletableFuture<AsyncStateManager> stage = new CompletableFuture<>();
        // Beside the answer this waits for the connection and, in a process that has just begun, for some thousand
        // classes.
        Duration patience = options.timeout().plus(options.connectTimeout()).multipliedBy(2);
        manager.rounds.run(
                RedisConnections.pinging(),
                System.nanoTime() + patience.toNanos(),
                answer -> stage.complete(manager),
                failure -> {
                    manager.close();
                    stage.completeExceptionally(failure);
                });
        return stage;
    }

    /** As {@link #create(StateOptions, AsyncOptions)}, with the defaults. */
    public static AsyncStateManager create(StateOptions options) {
        return create(options, AsyncOptions.defaults());
    }

    /**
     * As {@link #connect(StateOptions, AsyncOptions)}, but Redis may be away: it is connected to as soon as it is there, and calls
     * fail until then. Does not wait.
     *
     * @throws StateException MISCONFIGURED if Lettuce is not on the class path
     */
    public static AsyncStateManager create(StateOptions options, AsyncOptions async) {
        try {
            Class.forName(LETTUCE, false, AsyncStateManager.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new StateException(
                    Reason.MISCONFIGURED,
                    "AsyncStateManager needs io.lettuce:lettuce-core:7.7.0.RELEASE on the class path; add it, or use StateManager, which does not",
                    e);
        }
        return new AsyncStateManager(options, async);
    }

    /** The options that it was made with. */
    public StateOptions options() {
        return options;
    }

    /** Name of this node. */
    public String nodeId() {
        return options.nodeId();
    }

    /** How many calls are under way now. For those who watch the load; it has changed before they read it. */
    public int inFlight() {
        return admission.tickets().taken();
    }

    /** Asks whether Redis answers; one round trip. */
    public CompletionStage<@Nullable Void> ping() {
        return performVoid("connecting", RedisConnections::pinging);
    }

    // ---- stroke sessions

    /**
     * Starts a stroke session of this node and publishes its {@code session_start}.
     *
     * @param totalStrokes number of strokes
     * @param strokeLength number of poses of each stroke
     * @param sceneName scene being tattooed
     */
    public CompletionStage<AsyncStrokeSession> startStrokeSession(
            int totalStrokes, int strokeLength, String sceneName) {
        return start(() -> StrokeProgress.builder()
                .totalStrokes(totalStrokes)
                .strokeLength(strokeLength)
                .sceneName(sceneName));
    }

    /**
     * Starts a stroke session of this node and publishes its {@code session_start}.
     *
     * @param first its first position; node and time are filled in, and it is marked as executing
     */
    public CompletionStage<AsyncStrokeSession> startStrokeSession(StrokeProgress.Builder first) {
        return start(() -> first);
    }

    private CompletionStage<AsyncStrokeSession> start(Supplier<StrokeProgress.Builder> first) {
        return rounds.perform(
                "starting a session",
                () -> sessions.starting(
                        SessionIds.next(nodeId()),
                        first.get()
                                .nodeId(nodeId())
                                .isExecuting(true)
                                .isPaused(false)
                                .build()));
    }

    /**
     * Goes on with a running session in place of its writer, as {@link ai.tatbot.state.client.StateManager#takeOverSession} does.
     * Fails as NOT_FOUND if there is no such session; CONFLICT if it has ended, or its writer writes so fast that it cannot be
     * taken over now; INVALID if what is stored does not fit its schema.
     */
    public CompletionStage<AsyncStrokeSession> takeOverSession(String sessionId) {
        return rounds.perform(
                "taking over a session", () -> sessions.takingOver(Keys.strokeProgress(sessionId), nodeId()));
    }

    /** The last position of a session, whoever runs it. */
    public CompletionStage<Optional<Versioned<StrokeProgress>>> strokeProgress(String sessionId) {
        return read(() -> Keys.strokeProgress(sessionId));
    }

    /**
     * The session that is executing or paused now; the one written last, if there are several. Two round trips. An unreadable one
     * is told to the problem listener.
     */
    public CompletionStage<Optional<Versioned<StrokeProgress>>> currentSession() {
        return rounds.perform(
                "reading the sessions",
                () -> reader.readingIndexed(Keys.STROKE_PROGRESS).map(found -> {
                    found.problems().forEach(redis::report);
                    return found.values().stream()
                            .filter(session -> session.value().isExecuting())
                            .max(Comparator.comparing(Versioned::lastUpdated));
                }));
    }

    /**
     * The positions that a session reached, oldest first.
     *
     * @param most how many at most, the last ones; 1 or more
     */
    public CompletionStage<List<HistoryEntry>> strokeHistory(String sessionId, int most) {
        return rounds.perform("reading the history of a session", () -> history.reading(sessionId, most));
    }

    // ---- robots and nodes

    /**
     * Stores the state of a robot and publishes its {@code state_update}; and an {@code arm_connected} or {@code
     * arm_disconnected} where that has changed since this process last wrote it.
     *
     * @return the new revision
     */
    public CompletionStage<Long> updateRobotState(RobotState state) {
        return robots.update(state);
    }

    /** The last state of a node's robot. */
    public CompletionStage<Optional<Versioned<RobotState>>> robotState(String nodeId) {
        return read(() -> Keys.robotState(nodeId));
    }

    /**
     * Stores a heartbeat and publishes its {@code health_update}, as {@link
     * ai.tatbot.state.client.StateManager#updateNodeHealth} does.
     *
     * @return the new revision
     */
    public CompletionStage<Long> updateNodeHealth(NodeHealth health) {
        return rounds.perform(
                "writing the health of a node",
                () -> nodes.sendingHeartbeat(health, options.heartbeatInterval())
                        .then(revision -> robots.keepingAlive(health.nodeId()).map(done -> revision)));
    }

    /**
     * Says that a node sends no heartbeat any more: {@code offline} is published, unless that was told, or another process
     * speaks for the node. Two round trips.
     *
     * @return whether it was published now
     */
    public CompletionStage<Boolean> leave(String nodeId) {
        return rounds.perform("saying that a node leaves", () -> nodes.leaving(nodeId));
    }

    /** The last heartbeat of a node; empty a minute after it. */
    public CompletionStage<Optional<Versioned<NodeHealth>>> nodeHealth(String nodeId) {
        return read(() -> Keys.nodeHealth(nodeId));
    }

    // ---- any document

    /** Reads one document. Fails as INVALID if what is stored does not fit its schema. */
    public <T extends Document> CompletionStage<Optional<Versioned<T>>> get(Key<T> key) {
        return read(() -> key);
    }

    private <T extends Document> CompletionStage<Optional<Versioned<T>>> read(Supplier<Key<T>> key) {
        return rounds.perform("reading a document", () -> reader.reading(key.get()));
    }

    /**
     * Stores a document in place of whatever is there, and publishes its position as its writer would: for tools that mend what is
     * stored. It asks nobody whose document that is. The writer of a session goes on, and overwrites it.
     *
     * @param expectedRevision refused with CONFLICT if another is stored; 0 for a document that has none; null to overwrite any
     * @param timeToLive how long it lives, at least 1 ms, unless a later write renews it; null for the time that its kind has
     * @return the new revision
     */
    public <T extends Document> CompletionStage<Long> put(
            Key<T> key, T document, @Nullable Long expectedRevision, @Nullable Duration timeToLive) {
        return rounds.perform("writing " + key, () -> tools.putting(key, document, expectedRevision, timeToLive));
    }

    /**
     * Reads these documents; one round trip for up to ten thousand. What does not exist is left out, what does not fit its schema
     * is reported in the result.
     */
    public <T extends Document> CompletionStage<StateList<T>> getAll(List<Key<T>> keys) {
        return rounds.perform("reading documents", () -> reader.readingAll(keys));
    }

    /**
     * Reads all documents of a kind that a node of this version has written; two round trips for up to ten thousand. What does
     * not fit its schema is reported in the result. See {@link #find} for those of older nodes.
     */
    public <T extends Document> CompletionStage<StateList<T>> all(KeyKind<T> kind) {
        return rounds.perform("reading documents", () -> reader.readingIndexed(kind));
    }

    /**
     * Reads all documents of a kind, those of older nodes too, which are in no index. Walks through all keys of the database,
     * some thousands a round trip: for tools, not for loops.
     */
    public <T extends Document> CompletionStage<StateList<T>> find(KeyKind<T> kind) {
        return rounds.perform(
                "looking for documents", () -> reader.sweeping(kind).then(reader::readingAll));
    }

    /**
     * All keys of the schema that there are, found by the same walk as {@link #find}; their contents are not read.
     *
     * @see #contents
     */
    public CompletionStage<List<Key<?>>> keys() {
        return rounds.perform("looking for keys", () -> reader.sweeping(Keys.all()));
    }

    /** All keys of one kind, found as {@link #keys()} does. */
    public <T> CompletionStage<List<Key<T>>> keys(KeyKind<T> kind) {
        return rounds.perform("looking for keys", () -> reader.sweeping(kind));
    }

    /**
     * What is stored under a key of any kind, as it is: neither decoded nor checked. For tools that show it to people. Fails as
     * INVALID if the key holds another Redis type than its kind.
     *
     * @param mostEntries how many entries of a stream at most, the last ones
     * @return empty if there is no such key
     */
    public CompletionStage<Optional<KeyContents>> contents(Key<?> key, int mostEntries) {
        return rounds.perform("reading " + key, () -> inspector.reading(key, mostEntries));
    }

    /**
     * The fleet at this moment. Older nodes may be missing. It asks as {@link ai.tatbot.state.client.StateManager#systemStatus()} does, but has no
     * more than some thousand commands unanswered at a time. What is called meanwhile is sent behind all of it.
     */
    public CompletionStage<SystemStatus> systemStatus() {
        return rounds.perform("reading the status", () -> status.reading(false));
    }

    /**
     * The fleet at this moment, older nodes included. Walks through all keys of the database, for tools, not for loops; and enters
     * what it finds into the indexes, if this user may, so that the calls that read them find older nodes, too.
     */
    public CompletionStage<SystemStatus> systemStatusOfAllNodes() {
        return rounds.perform("reading the status", () -> status.reading(true));
    }

    // ---- events

    /**
     * Publishes an event that belongs to no document. A transition is appended to {@code events:log} in the same atomic step.
     *
     * @return the event's id in {@code events:log}; empty for a position, which is not logged
     */
    public <E extends Event> CompletionStage<Optional<String>> publishEvent(Channel<E> channel, E event) {
        return publishing(channel, event, publication -> Optional.ofNullable(publication.eventId()));
    }

    /** As {@link #publishEvent}; says who was there to receive it, too. */
    public <E extends Event> CompletionStage<Publication> publish(Channel<E> channel, E event) {
        return publishing(channel, event, publication -> publication);
    }

    private <E extends Event, R> CompletionStage<R> publishing(
            Channel<E> channel, E event, Function<Publication, R> result) {
        return rounds.perform("publishing on " + channel, () -> {
            boolean transition = channel.kind().eventType(event.type()).eventClass() == EventClass.TRANSITION;
            Step<Publication> step = transition ? writer.appending(channel, event) : writer.publishing(channel, event);
            return step.map(result);
        });
    }

    /**
     * Reports an error of this node on {@code error:events:{category}}.
     *
     * @param category subject, such as {@code robot}
     * @param message what went wrong, for people
     * @param details whatever else is known; JSON values only
     * @return the event's id in {@code events:log}
     */
    public CompletionStage<String> reportError(String category, String message, Map<String, ?> details) {
        return rounds.perform("reporting an error", () -> {
            ErrorReport report = ErrorReport.builder()
                    .nodeId(nodeId())
                    .category(category)
                    .message(message)
                    .details(Map.copyOf(details))
                    .build();
            return writer.appending(Channels.errorEvents(category), report)
                    .map(publication -> Objects.requireNonNull(publication.eventId()));
        });
    }

    @SuppressWarnings("NullAway") // the stage of nothing completes with null
    private CompletionStage<@Nullable Void> performVoid(String what, Supplier<? extends Step<?>> steps) {
        return rounds.perform(what, () -> toVoid(steps.get()));
    }

    @SuppressWarnings("NullAway") // as above
    private static <T> Step<@Nullable Void> toVoid(Step<T> step) {
        return step.map(value -> (Void) null);
    }

    /**
     * Takes no more calls, waits for those that are under way, at most as long as {@link AsyncOptions#closeTimeout()} says, and fails
     * the rest as CLOSED. When it returns every stage is complete, or about to be where what depends on another one blocks, and the threads
     * have ended or are about to. Blocks, but not on the thread of the connection. A running session is not ended: close it first, or a reaper ends it as interrupted when
     * its lease has run out.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        admission.close();
        if (sender.isMine()) {
            // That thread cannot wait for its own end.
            Thread thread = new Thread(this::end, "tatbot-async-close-" + nodeId());
            thread.setDaemon(true);
            thread.start();
        } else {
            end();
        }
    }

    private void end() {
        leases.close();
        sender.close(async.closeTimeout());
        redis.close();
        links.close();
        completions.close();
    }

    @Override
    public String toString() {
        return "AsyncStateManager[" + options + ", " + async + "]";
    }
}
