package ai.tatbot.state.client;

import ai.tatbot.state.client.internal.Watch;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A copy of the fleet's documents in this process, kept current by one {@link StateWatch}. A read touches memory only: no network,
 * no lock, and for the methods that take an id no allocation. What is read says how old it is and whether it can be relied upon.
 *
 * <p>Thread-safe.
 */
public final class StateMirror implements AutoCloseable {
    private final Watch watch;

    StateMirror(Watch watch) {
        this.watch = watch;
    }

    /** The state of a node's robot; empty if there is none, or it is not known yet: see {@link #status}. */
    public Optional<Mirrored<RobotState>> robotState(String nodeId) {
        return watch.view().robot(nodeId);
    }

    /** The last heartbeat of a node; empty if there is none, or it is not known yet. */
    public Optional<Mirrored<NodeHealth>> nodeHealth(String nodeId) {
        return watch.view().health(nodeId);
    }

    /** The last position of a session; empty if there is none, or it is not known yet. */
    public Optional<Mirrored<StrokeProgress>> strokeProgress(String sessionId) {
        return watch.view().progress(sessionId);
    }

    /** The session that is executing or paused now; the one written last, if there are several. */
    public Optional<Mirrored<StrokeProgress>> currentSession() {
        return watch.view().currentSession();
    }

    /** Any document. */
    public <T extends Document> Optional<Mirrored<T>> get(Key<T> key) {
        return watch.view().get(key);
    }

    /** All documents of a kind, in no order. */
    public <T extends Document> List<Mirrored<T>> all(KeyKind<T> kind) {
        return watch.view().all(kind);
    }

    /** How far it can be relied upon at this moment. */
    public WatchStatus status() {
        return watch.status();
    }

    /** Whether it is live at this moment; as {@link #status}, without an allocation. */
    public boolean isLive() {
        return watch.freshness().isLive(System.nanoTime());
    }

    /**
     * Waits until it is live.
     *
     * @return whether it is, within this time
     */
    public boolean awaitLive(Duration longest) throws InterruptedException {
        return watch.awaitLive(longest);
    }

    /** The watch that keeps it current: for listeners. Closed with this. */
    public StateWatch watch() {
        return watch;
    }

    /** Ends it. What it holds can still be read, and says that it is stale. */
    @Override
    public void close() {
        watch.close();
    }
}
