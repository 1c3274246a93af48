package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.internal.DocumentWrite.Fence;
import ai.tatbot.state.client.internal.PublishStep.Kind;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A stroke session of a publisher.
 *
 * <p>With each new connection the writer counts as a new one: it reads the revision and the fence that are stored, and its first
 * write expects that revision and raises the fence. So whatever the old connection may still deliver is refused.
 */
public final class PublishSession extends PublishKey<PublishStep> {
    private static final List<byte[]> WANTED = List.of(bytes("rev"), bytes("fence"), progressField());

    private static final long CLAIM_STEP = 1_000;

    private final PublishQueue queue;
    private final Key<StrokeProgress> key;
    private final Duration lease;

    // Of the thread that offers
    private StrokeProgress base;
    private volatile boolean paused;
    private volatile boolean ended;

    // Of the sender, but for lost
    private StrokeProgress progress;
    private long token = 1;

    /** Every fence that was made for a connection: what that still delivers is ours. Any other is another writer's. */
    private final Set<Long> claims = new HashSet<>(Set.of(token));

    private boolean started;
    private boolean over;
    private boolean told;
    private int learned;
    private @Nullable String claim;
    private @Nullable String suspicion;
    private @Nullable DocumentWrite<?> start;
    private byte @Nullable [] document;
    private volatile @Nullable String lost;

    PublishSession(PublishQueue queue, String id, Duration lease, StrokeProgress first) {
        this.queue = queue;
        this.key = Keys.strokeProgress(id);
        this.lease = lease;
        this.base = first;
        this.progress = first;
    }

    // ---- of the thread that offers

    /** Its id. */
    public String id() {
        return key.id();
    }

    boolean start() {
        if (queue.turn(this, PublishStep.of(Kind.START, base))) {
            return true;
        }
        ended = true;
        lose("its start was refused, because too many transitions wait");
        return false;
    }

    /** Offers a position; false if it is of no use any more. */
    public boolean offer(int strokeIdx, int poseIdx) {
        return offer(new PublishStep(Kind.POSITION, base, strokeIdx, poseIdx, WireTime.now(), null));
    }

    /** Offers a position with all that goes with it. */
    public boolean offer(StrokeProgress whole) {
        base = whole;
        return offer(
                new PublishStep(Kind.POSITION, whole, whole.strokeIdx(), whole.poseIdx(), whole.timestamp(), null));
    }

    private boolean offer(PublishStep step) {
        if (!isRunning()) {
            queue.ignore();
            return false;
        }
        return queue.offer(this, step);
    }

    /** Queues a pause; false if it was refused. True and nothing else if it is paused. */
    public boolean pause() {
        return turn(true);
    }

    /** Queues a resumption; false if it was refused. True and nothing else if it is not paused. */
    public boolean resume() {
        return turn(false);
    }

    private boolean turn(boolean pause) {
        if (!isRunning()) {
            queue.ignore();
            return false;
        }
        if (paused == pause) {
            return true;
        }
        if (!queue.turn(this, PublishStep.of(pause ? Kind.PAUSE : Kind.RESUME, base))) {
            return false;
        }
        paused = pause;
        return true;
    }

    /** Queues the end; false if it was refused. True and nothing else if it has ended. */
    public boolean end(SessionEndReason reason) {
        if (ended) {
            return lost == null;
        }
        if (lost != null) {
            ended = true;
            queue.ignore();
            return false;
        }
        PublishStep step = new PublishStep(Kind.END, base, 0, 0, WireTime.now(), reason);
        ended = queue.turn(this, step);
        return ended;
    }

    /** Whether it takes positions. */
    public boolean isRunning() {
        return !ended && lost == null;
    }

    @Override
    public @Nullable String lost() {
        return lost;
    }

    // ---- of the sender

    void lose(String why) {
        lost = why;
    }

    /** True the first time. */
    boolean tellOnce() {
        boolean first = !told;
        told = true;
        return first;
    }

    /** A write like the ones to come, to ask whether one is due. */
    DocumentWrite<StrokeProgress> sample() {
        return new DocumentWrite<>(key, progress).fence(new Fence(token, lease));
    }

    /** Whether it is in Redis and runs, as far as is known. */
    boolean isLive() {
        return started && !over && lost == null;
    }

    PublishDocument<PublishStep> renewal() {
        return new PublishDocument<>(this, PublishStep.of(Kind.RENEWAL, progress), false, false);
    }

    @Override
    Key<? extends Document> key() {
        return key;
    }

    @Override
    DocumentWrite<?> write(PublishStep step) {
        progress = apply(step);
        DocumentWrite<StrokeProgress> write = new DocumentWrite<>(key, progress);
        switch (step.kind()) {
            case START -> write.onlyIfNew().event(Channels.STROKE_SESSION, SessionEvents.start(id(), progress));
            case POSITION, RENEWAL ->
                write.event(
                        Channels.STROKE_PROGRESS,
                        ProgressUpdate.builder().from(progress).sessionId(id()).build());
            case PAUSE -> write.event(Channels.STROKE_SESSION, SessionEvents.pause(id(), progress));
            case RESUME -> write.event(Channels.STROKE_SESSION, SessionEvents.resume(id(), progress));
            case END -> write.event(Channels.STROKE_SESSION, SessionEvents.end(id(), progress, step.reason()));
        }
        if (step.kind() == Kind.START) {
            start = write;
        }
        write.fence(new Fence(token, step.kind() == Kind.END ? Duration.ZERO : lease));
        return step.kind() == Kind.RENEWAL ? write : write.history(progress);
    }

    private StrokeProgress apply(PublishStep step) {
        if (step.kind() == Kind.POSITION) {
            return step.base().toBuilder()
                    .nodeId(progress.nodeId())
                    .strokeIdx(step.strokeIdx())
                    .poseIdx(step.poseIdx())
                    .isExecuting(true)
                    .isPaused(progress.isPaused())
                    .timestamp(step.at())
                    .build();
        }
        StrokeProgress.Builder next = progress.toBuilder().timestamp(step.at());
        return switch (step.kind()) {
            case PAUSE -> next.isPaused(true).build();
            case RESUME -> next.isPaused(false).build();
            case END -> next.isPaused(false).isExecuting(false).build();
            default -> next.build();
        };
    }

    @Override
    void prepare(DocumentWrite<?> write) {
        Fence old = write.fence;
        write.fence(new Fence(token, old == null ? lease : old.lease()));
        if (started) {
            write.expect = claim == null ? "" : claim;
        }
        decides = !write.expect.isEmpty();
    }

    @Override
    List<byte[]> wanted(int connection) {
        if (learned == 0) {
            // Nothing was sent yet, so nothing is stored.
            learned = connection;
        }
        return learned == connection ? List.of() : WANTED;
    }

    @Override
    void learn(int connection, List<byte @Nullable []> fields) {
        learned = connection;
        byte[] rev = fields.get(0);
        byte[] fence = fields.get(1);
        document = fields.get(2);
        boolean exists = rev != null || document != null;
        long stored = number(fence);
        if (stored > 0 && !claims.contains(stored)) {
            suspicion = "another writer has taken it over or ended it";
        }
        if (started || exists) {
            started = true;
            // Who takes a session over raises the fence by one: it must not be mistaken for ours.
            token = Math.max(token, stored) + ThreadLocalRandom.current().nextLong(CLAIM_STEP, 2 * CLAIM_STEP);
            claims.add(token);
            claim = !exists ? "new" : Long.toString(number(rev));
        }
    }

    @Override
    boolean shows(DocumentWrite<?> write) {
        return (started && write == start)
                || (document != null && Arrays.equals(document, StateJson.write(write.value)));
    }

    @Override
    void settle() {
        String why = suspicion;
        suspicion = null;
        document = null;
        if (why != null && !over) {
            lose(why);
        }
    }

    private static long number(byte @Nullable [] field) {
        try {
            return field == null ? 0 : Long.parseLong(text(field));
        } catch (NumberFormatException e) {
            // Not ours, and for the scripts as if it were not there
            return 0;
        }
    }

    @Override
    void unlearn() {
        learned = -1;
    }

    @Override
    void stored(DocumentWrite<?> write) {
        claim = null;
        decides = false;
        found(write);
    }

    /** The fence that this connection claims is not in Redis yet: the claim stands until a write of it is answered. */
    @Override
    void found(DocumentWrite<?> write) {
        started = true;
        over |= write.fence != null && write.fence.ends();
    }

    @Override
    void dropped(DocumentWrite<?> write) {
        if (!started) {
            lose("its start was refused");
        }
    }

    private static byte[] progressField() {
        return bytes(Keys.STROKE_PROGRESS.documentField().orElseThrow());
    }
}
