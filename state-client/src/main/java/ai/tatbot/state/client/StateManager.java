package ai.tatbot.state.client;

import ai.tatbot.state.client.internal.DocumentReader;
import ai.tatbot.state.client.internal.DocumentWriter;
import ai.tatbot.state.client.internal.HistoryReader;
import ai.tatbot.state.client.internal.Indexes;
import ai.tatbot.state.client.internal.KeyInspector;
import ai.tatbot.state.client.internal.Namespace;
import ai.tatbot.state.client.internal.NodeWriter;
import ai.tatbot.state.client.internal.Publishing;
import ai.tatbot.state.client.internal.Reaping;
import ai.tatbot.state.client.internal.RedisConnections;
import ai.tatbot.state.client.internal.RobotWriter;
import ai.tatbot.state.client.internal.SessionIds;
import ai.tatbot.state.client.internal.SessionLeases;
import ai.tatbot.state.client.internal.SessionReader;
import ai.tatbot.state.client.internal.StatusReader;
import ai.tatbot.state.client.internal.Subscriptions;
import ai.tatbot.state.client.internal.ToolWriter;
import ai.tatbot.state.client.internal.Watches;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.ErrorReport;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.EventClass;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node's way to the shared state: stores and reads documents, publishes and receives events. One for each process is enough.
 *
 * <p>Every method that reads or writes blocks until Redis has answered, at most as long as {@link StateOptions} says, and
 * throws a {@link StateException} otherwise: UNAVAILABLE, TIMEOUT, DENIED, OUT_OF_MEMORY, READ_ONLY, BUSY, CLOSED, INVALID.
 * A write is one atomic step and one round trip: the document, its revision, its time to live and its events are all stored
 * and sent, or none is. Only what is safe to repeat is tried again. Arguments that do not fit the schema are refused with an
 * {@link InvalidValueException} before anything is sent.
 *
 * <p>Thread-safe.
 */
public final class StateManager implements AutoCloseable {
    private final StateOptions options;
    private final RedisConnections redis;
    private final DocumentReader reader;
    private final DocumentWriter writer;
    private final RobotWriter robots;
    private final NodeWriter nodes;
    private final ToolWriter tools;
    private final SessionLeases leases;
    private final Indexes indexes;
    private final Namespace namespace;
    private final HistoryReader history;
    private final KeyInspector inspector;
    private final StatusReader status;
    private final Subscriptions subscriptions;
    private final Watches watches;
    private @Nullable StatePublisher publisher;

    private StateManager(StateOptions options) {
        this.namespace = new Namespace(options.namespace());
        this.options = options;
        this.redis = new RedisConnections(options);
        this.indexes = new Indexes(redis, namespace);
        this.reader = new DocumentReader(redis, namespace, indexes);
        this.writer = new DocumentWriter(redis, namespace);
        this.robots = new RobotWriter(redis, reader, writer, System::nanoTime);
        this.nodes = new NodeWriter(redis, namespace);
        this.tools = new ToolWriter(reader, writer);
        this.leases = new SessionLeases(redis, namespace, options.sessionLease());
        this.history = new HistoryReader(redis, namespace);
        this.inspector = new KeyInspector(redis, namespace);
        this.status = new StatusReader(redis, namespace, indexes, reader);
        this.subscriptions = new Subscriptions(redis, namespace);
        this.watches = new Watches(redis, namespace, reader, indexes);
    }

    /**
     * Connects, and checks that Redis answers and lets this user in.
     *
     * @throws StateException if it does not
     */
    public static StateManager connect(StateOptions options) {
        StateManager manager = new StateManager(options);
        try {
            manager.redis.ping();
            return manager;
        } catch (StateException e) {
            manager.close();
            throw e;
        }
    }

    /**
     * As {@link #connect}, but Redis may be away: nothing is asked of it yet. Watches, mirrors and publishers find it as soon as
     * it is there, and calls fail until then. For programs that must start whatever the network does, such as a robot's.
     */
    public static StateManager create(StateOptions options) {
        return new StateManager(options);
    }

    /** The options that it was made with. */
    public StateOptions options() {
        return options;
    }

    /** Name of this node. */
    public String nodeId() {
        return options.nodeId();
    }

    /**
     * Asks whether Redis answers; one round trip.
     *
     * @throws StateException if it does not
     */
    public void ping() {
        redis.ping();
    }

    // ---- stroke sessions

    /**
     * Starts a stroke session of this node and publishes its {@code session_start}.
     *
     * @param totalStrokes number of strokes
     * @param strokeLength number of poses of each stroke
     * @param sceneName scene being tattooed
     */
    public StrokeSession startStrokeSession(int totalStrokes, int strokeLength, String sceneName) {
        return startStrokeSession(StrokeProgress.builder()
                .totalStrokes(totalStrokes)
                .strokeLength(strokeLength)
                .sceneName(sceneName));
    }

    /**
     * Starts a stroke session of this node and publishes its {@code session_start}.
     *
     * @param first its first position; node and time are filled in, and it is marked as executing
     */
    public StrokeSession startStrokeSession(StrokeProgress.Builder first) {
        StrokeProgress progress =
                first.nodeId(nodeId()).isExecuting(true).isPaused(false).build();
        return StrokeSession.start(sessionWriting(), SessionIds.next(nodeId()), progress);
    }

    /**
     * Goes on with a running session in place of its writer, which may have died, or live: it is refused from now on. The session
     * stays at its stroke and pose, paused if it was, and a {@code session_takeover} is published. Its writer may be an older
     * node, which cannot be refused: make sure that it is gone.
     *
     * @throws StateException NOT_FOUND if there is no such session; CONFLICT if it has ended, or its writer writes so fast that
     *     it cannot be taken over now; INVALID if what is stored does not fit its schema
     */
    public StrokeSession takeOverSession(String sessionId) {
        return StrokeSession.takeOver(sessionWriting(), Keys.strokeProgress(sessionId), nodeId());
    }

    private SessionWriting sessionWriting() {
        return new SessionWriting(new SessionReader(redis, namespace), writer, leases, options.sessionLease());
    }

    /** The last position of a session, whoever runs it. */
    public Optional<Versioned<StrokeProgress>> strokeProgress(String sessionId) {
        return get(Keys.strokeProgress(sessionId));
    }

    /**
     * The session that is executing or paused now; the one written last, if there are several. Two round trips. A session of an
     * older node is found once {@link #systemStatusOfAllNodes()} has seen it. An unreadable one is told to the problem listener.
     */
    public Optional<Versioned<StrokeProgress>> currentSession() {
        StateList<StrokeProgress> sessions = all(Keys.STROKE_PROGRESS);
        sessions.problems().forEach(redis::report);
        return sessions.values().stream()
                .filter(session -> session.value().isExecuting())
                .max(Comparator.comparing(Versioned::lastUpdated));
    }

    /**
     * The positions that a session reached, oldest first.
     *
     * @param most how many at most, the last ones; 1 or more
     */
    public List<HistoryEntry> strokeHistory(String sessionId, int most) {
        return history.read(sessionId, most);
    }

    // ---- robots and nodes

    /**
     * Stores the state of a robot and publishes its {@code state_update}; and an {@code arm_connected} or {@code
     * arm_disconnected} where that has changed since this process last wrote it.
     *
     * @return the new revision
     */
    public long updateRobotState(RobotState state) {
        return robots.write(state);
    }

    /** The last state of a node's robot. */
    public Optional<Versioned<RobotState>> robotState(String nodeId) {
        return get(Keys.robotState(nodeId));
    }

    /**
     * Stores a heartbeat and publishes its {@code health_update}; before it, in the same step, {@code online} if the node was not
     * there, or {@code restarted} if the heartbeat before came from another process. {@code HealthReporter} does so by itself.
     * Who sends it otherwise must send the next within {@link StateOptions#heartbeatInterval()}: a node that has missed three is
     * offline. The state of the node's robot, if this process wrote it, lives on with it; that costs a second round trip once an
     * hour.
     *
     * @return the new revision
     */
    public long updateNodeHealth(NodeHealth health) {
        long revision = nodes.heartbeat(health, options.heartbeatInterval());
        robots.keepAlive(health.nodeId());
        return revision;
    }

    /**
     * Says that a node sends no heartbeat any more: {@code offline} is published, unless that was told, or another process
     * speaks for the node. Two round trips. {@code HealthReporter} does so when it is closed.
     *
     * @return whether it was published now
     */
    public boolean leave(String nodeId) {
        return nodes.leave(nodeId);
    }

    /** The last heartbeat of a node; empty a minute after it. */
    public Optional<Versioned<NodeHealth>> nodeHealth(String nodeId) {
        return get(Keys.nodeHealth(nodeId));
    }

    // ---- any document

    /**
     * Reads one document.
     *
     * @throws StateException INVALID if what is stored does not fit its schema
     */
    public <T extends Document> Optional<Versioned<T>> get(Key<T> key) {
        return reader.read(key);
    }

    /**
     * Stores a document in place of whatever is there, and publishes its position as its writer would: for tools that mend what is
     * stored. It asks nobody whose document that is. The writer of a session goes on, and overwrites it.
     *
     * @param expectedRevision refused with CONFLICT if another is stored; 0 for a document that has none; null to overwrite any
     * @param timeToLive how long it lives, at least 1 ms, unless a later write renews it; null for the time that its kind has
     * @return the new revision
     */
    public <T extends Document> long put(
            Key<T> key, T document, @Nullable Long expectedRevision, @Nullable Duration timeToLive) {
        return redis.perform(tools.putting(key, document, expectedRevision, timeToLive));
    }

    /**
     * Reads these documents; one round trip for up to ten thousand. What does not exist is left out, what does not fit its schema
     * is reported in the result.
     */
    public <T extends Document> StateList<T> getAll(List<Key<T>> keys) {
        return reader.readAll(keys);
    }

    /**
     * Reads all documents of a kind that a node of this version has written; two round trips for up to ten thousand. What does
     * not fit its schema is reported in the result. See {@link #find} for those of older nodes.
     */
    public <T extends Document> StateList<T> all(KeyKind<T> kind) {
        return reader.readIndexed(kind);
    }

    /**
     * Reads all documents of a kind, those of older nodes too, which are in no index. Walks through all keys of the database,
     * some thousands a round trip: for tools, not for loops.
     */
    public <T extends Document> StateList<T> find(KeyKind<T> kind) {
        return reader.readAll(reader.sweep(kind));
    }

    /**
     * All keys of the schema that there are, found by the same walk as {@link #find}; their contents are not read.
     *
     * @see #contents
     */
    public List<Key<?>> keys() {
        return reader.sweep(Keys.all());
    }

    /** All keys of one kind, found as {@link #keys()} does. */
    public <T> List<Key<T>> keys(KeyKind<T> kind) {
        return reader.sweep(kind);
    }

    /**
     * What is stored under a key of any kind, as it is: neither decoded nor checked. For tools that show it to people.
     *
     * @param mostEntries how many entries of a stream at most, the last ones
     * @return empty if there is no such key
     * @throws StateException INVALID if the key holds another Redis type than its kind
     */
    public Optional<KeyContents> contents(Key<?> key, int mostEntries) {
        return inspector.read(key, mostEntries);
    }

    /**
     * The fleet at this moment. Older nodes may be missing. Two round trips for any fleet of up to twelve thousand nodes and sessions; one
     * more each if nodes or sessions have expired, which are forgotten then.
     */
    public SystemStatus systemStatus() {
        return status.read(false);
    }

    /**
     * The fleet at this moment, older nodes included. Walks through all keys of the database, for tools, not for loops; and enters
     * what it finds into the indexes, if this user may, so that the calls that read them find older nodes, too.
     */
    public SystemStatus systemStatusOfAllNodes() {
        return status.read(true);
    }

    // ---- following

    /**
     * Follows documents and transitions, through every outage. Returns at once; Redis may be away. Costs one connection and three
     * threads, however many listeners it has.
     *
     * @throws StateException CLOSED if this manager is closed
     */
    public StateWatch watch(WatchScope scope) {
        return watches.open(scope);
    }

    /**
     * A copy of the whole fleet in this process, always current. Returns at once; {@link StateMirror#awaitLive} waits for the first
     * snapshot.
     *
     * @throws StateException CLOSED if this manager is closed
     */
    public StateMirror mirror() {
        return mirror(WatchScope.everything());
    }

    /** A copy of some documents, as {@link #mirror()}. */
    public StateMirror mirror(WatchScope scope) {
        return new StateMirror(watches.open(scope));
    }

    // ---- publishing

    /**
     * The publisher for control loops, whose offers never block. Made when first asked for, with a thread and a connection of its
     * own; a new one if the last was closed. Does no I/O itself.
     *
     * @throws StateException CLOSED if this manager is closed
     */
    public synchronized StatePublisher publisher() {
        StatePublisher current = publisher;
        if (current == null || current.isClosed()) {
            current = new StatePublisher(new Publishing(redis, namespace), nodeId());
            publisher = current;
            if (redis.isClosed()) {
                // The manager was closed at this moment, and may not have seen this one.
                current.close();
            }
        }
        return current;
    }

    // ---- events

    /**
     * Publishes an event that belongs to no document. A transition is appended to {@code events:log} in the same atomic step.
     *
     * @return the event's id in {@code events:log}; empty for a position, which is not logged
     */
    public <E extends Event> Optional<String> publishEvent(Channel<E> channel, E event) {
        return Optional.ofNullable(publish(channel, event).eventId());
    }

    /** As {@link #publishEvent}; says who was there to receive it, too. */
    public <E extends Event> Publication publish(Channel<E> channel, E event) {
        return channel.kind().eventType(event.type()).eventClass() == EventClass.TRANSITION
                ? writer.append(channel, event)
                : writer.publish(channel, event);
    }

    /**
     * Reports an error of this node on {@code error:events:{category}}.
     *
     * @param category subject, such as {@code robot}
     * @param message what went wrong, for people
     * @param details whatever else is known; JSON values only
     * @return the event's id in {@code events:log}
     */
    public String reportError(String category, String message, Map<String, ?> details) {
        ErrorReport report = ErrorReport.builder()
                .nodeId(nodeId())
                .category(category)
                .message(message)
                .details(Map.copyOf(details))
                .build();
        return Objects.requireNonNull(
                writer.append(Channels.errorEvents(category), report).eventId());
    }

    /**
     * Listens to a channel. Returns once Redis has confirmed, so nothing published from then on is missed while the connection
     * holds; {@link Subscription#condition()} says whether it does. Transitions that are missed in an outage are told after it;
     * positions are not. Who needs the state rather than the events takes {@link #watch}.
     *
     * @param listener called for each event, in the order of arrival, by one thread of the subscription; it should be quick. If
     *     it throws, that is reported and it goes on being called. An event that does not fit its schema is reported and
     *     passed over.
     */
    public <E extends Event> Subscription subscribe(Channel<E> channel, Consumer<? super E> listener) {
        return subscriptions.open(channel, listener);
    }

    /** Listens to all channels of a kind, as {@link #subscribe(Channel, Consumer)} does to one. */
    public <E extends Event> Subscription subscribe(ChannelKind<E> kind, Consumer<? super E> listener) {
        return subscriptions.open(kind, listener);
    }

    /**
     * Listens to several channels over one connection, in the order in which Redis sent what arrives, and hands over each
     * message as it is: neither decoded nor checked. After an outage it hands over first the transitions that were published
     * meanwhile, from {@code events:log}; other messages are missed. For tools that show what is on the wire; programs take {@link #subscribe}.
     *
     * @param channels names of channels, or patterns such as {@code node:events:*}
     */
    public Subscription subscribeRaw(Collection<String> channels, RawListener listener) {
        return subscriptions.openRaw(channels, listener);
    }

    /** What a {@link Reaper} does. */
    Reaping reaping() {
        return new Reaping(redis, namespace, indexes);
    }

    /**
     * Closes the publisher, which may take as long as {@link StateOptions#publisherCloseTimeout()} says, then every watch,
     * subscription and connection. A running session is not ended: close it first, or a {@link Reaper} ends it as interrupted when
     * its lease has run out.
     */
    @Override
    public void close() {
        StatePublisher current;
        synchronized (this) {
            current = publisher;
        }
        if (current != null) {
            current.close();
        }
        leases.close();
        redis.close();
        watches.close();
        subscriptions.close();
    }

    @Override
    public String toString() {
        return "StateManager[" + options + "]";
    }
}
