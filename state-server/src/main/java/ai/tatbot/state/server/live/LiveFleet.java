package ai.tatbot.state.server.live;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.client.Mirrored;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.Reaper;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateWatch;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.Keys;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fleet as this server knows it: one watch on Redis, however many look on. It starts while Redis is away, and restores itself.
 *
 * <p>Thread-safe. Nothing here blocks, but for {@link #call} and {@link #close}.
 */
public final class LiveFleet implements AutoCloseable {
    /** How many transitions from before its start it knows. */
    public static final int MOST_LOGGED = 1_000;

    /** Calls to Redis at a time: a Redis that does not answer must not hold all of the server's threads. */
    private static final int MOST_CALLS = 16;

    /** How long a call waits for its turn. */
    private static final long PATIENCE_MILLIS = 1_500;

    private final Instant started = Instant.now();
    private final String instance = HexFormat.of().toHexDigits(new SecureRandom().nextInt());
    private final StateManager state;
    private final StateMirror mirror;
    private final StateWatch.Registration following;
    private final ChangeFeed feed = new ChangeFeed();
    private final NodeBook nodes = new NodeBook(feed);
    /** Null if this process is not to tell of the dead. */
    private final @Nullable Reaper reaper;

    private final FleetSurvey survey;
    private final Semaphore turns = new Semaphore(MOST_CALLS);

    private LiveFleet(StateOptions.Builder options, FleetMeter meter) {
        Consumer<Problem> given = options.build().problemListener();
        this.state = StateManager.create(options.problemListener(problem -> {
                    given.accept(problem);
                    meter.onProblem(problem);
                    feed.put(new News.OfProblem(problem, Instant.now()));
                })
                .build());
        this.mirror = state.mirror();
        this.following = mirror.watch().listen(new Follower(feed, nodes, meter));
        this.reaper = state.options().reaping() ? Reaper.start(state) : null;
        this.survey = new FleetSurvey(state, mirror, nodes);
    }

    /**
     * Begins to follow. Returns at once; Redis may be away.
     *
     * @param options their problem listener is called, too
     * @throws IllegalArgumentException if the options do not fit together
     */
    public static LiveFleet start(StateOptions.Builder options) {
        return start(options, FleetMeter.NONE);
    }

    /** The same, measured. */
    public static LiveFleet start(StateOptions.Builder options, FleetMeter meter) {
        return new LiveFleet(options, meter);
    }

    /** Another for each process, however often it is started: numbers of {@link #changes} mean something within one only. */
    public String instance() {
        return instance;
    }

    /** The connection to Redis; see {@link #call}. */
    public StateManager state() {
        return state;
    }

    /** The documents. */
    public StateMirror mirror() {
        return mirror;
    }

    /** What is new. */
    public ChangeFeed changes() {
        return feed;
    }

    /** How far all this can be relied upon. */
    public WatchStatus link() {
        return mirror.status();
    }

    /** Whether there has been a first snapshot, and it is known what was in the log before. */
    public boolean isKnown() {
        return survey.logBefore() != null && link().asOf() != null;
    }

    /** The last transitions of {@code events:log}, oldest first, when this process began; empty while they are not known. */
    public List<KeyContents.Entry> logBefore() {
        List<KeyContents.Entry> entries = survey.logBefore();
        return entries == null ? List.of() : entries;
    }

    /** How many changes were passed over, since a later one of the same document came before there was time for them. */
    public long conflated() {
        return following.conflated();
    }

    /** The fleet at this moment, from memory. */
    public FleetStatus status() {
        return FleetStatus.of(
                new FleetStatus.Server(instance, started),
                state.options().address(),
                link(),
                survey.redis(),
                nodes.nodes(),
                mirror.all(Keys.STROKE_PROGRESS).stream()
                        .map(Mirrored::versioned)
                        .toList());
    }

    /**
     * Asks Redis something; while it is known to be away, fails at once.
     *
     * @throws StateException as the call does; UNAVAILABLE, too, if Redis is away or too many calls wait for it
     */
    public <T> T call(Function<StateManager, T> call) {
        WatchStatus link = link();
        if (link.condition() == WatchStatus.Condition.RECONNECTING) {
            throw unavailable(link.reason() == null ? "it has not answered yet" : link.reason());
        }
        try {
            if (!turns.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw unavailable("it has not answered earlier requests yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException(Reason.INTERRUPTED, "interrupted while waiting for Redis", e);
        }
        try {
            return call.apply(state);
        } finally {
            turns.release();
        }
    }

    private StateException unavailable(String why) {
        return new StateException(
                Reason.UNAVAILABLE, "Redis at " + state.options().address() + " is not there: " + why);
    }

    @Override
    public void close() {
        survey.close();
        if (reaper != null) {
            reaper.close();
        }
        mirror.close();
        state.close();
    }
}
