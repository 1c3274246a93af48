package ai.tatbot.state.client;

import ai.tatbot.state.client.internal.PublishSession;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.SessionEndReason;
import ai.tatbot.state.model.StrokeProgress;

/**
 * A stroke session that a control loop runs through a {@link StatePublisher}. No method blocks, and none throws for an outage.
 * What is done to it is stored in that order; of positions the latest only, while Redis is slow or away.
 *
 * <p>End it with {@link #end()}. {@link #close()} without that ends it as interrupted, so that a session left by an exception never
 * looks completed. While it neither moves nor ends, the publisher keeps its lease.
 *
 * <p>Its methods are for one thread at a time, the loop's; {@link #id()}, {@link #isRunning()} and {@link #isLost()} for all.
 */
public final class PublishedSession implements AutoCloseable {
    private final PublishSession session;

    PublishedSession(PublishSession session) {
        this.session = session;
    }

    /** Its id, by which every node finds it. */
    public String id() {
        return session.id();
    }

    /**
     * Offers a position. What else is known of it stays as it was offered last.
     *
     * @param strokeIdx stroke being executed, counted from 0; not compared with the number of strokes
     * @param poseIdx pose within the stroke, counted from 0; not compared with the number of poses
     * @return whether it was taken; false once the session or the publisher has ended or the session is lost, which is counted
     * @throws InvalidValueException if an index is negative
     */
    public boolean offer(int strokeIdx, int poseIdx) {
        if (strokeIdx < 0 || poseIdx < 0) {
            throw new InvalidValueException(
                    "stroke_idx and pose_idx must be from 0 to 2147483647, were " + strokeIdx + " and " + poseIdx);
        }
        return session.offer(strokeIdx, poseIdx);
    }

    /**
     * Offers a position with its descriptions and needle depths. Who runs the session, and whether it is executing or paused, this
     * does not change: {@link #pause}, {@link #resume} and {@link #end} do.
     *
     * @return whether it was taken, as for {@link #offer(int, int)}
     */
    public boolean offer(StrokeProgress position) {
        return session.offer(position);
    }

    /**
     * Holds the session: {@code is_paused} becomes true.
     *
     * @return whether it was taken, or is held already; false if too many transitions wait, the session is over, or the publisher
     *     is closed
     */
    public boolean pause() {
        return session.pause();
    }

    /**
     * Goes on with a session that was held.
     *
     * @return whether it was taken, or is not held; false as for {@link #pause}
     */
    public boolean resume() {
        return session.resume();
    }

    /** Ends the session as completed, as {@link #end(SessionEndReason)} does. */
    public boolean end() {
        return end(SessionEndReason.COMPLETED);
    }

    /**
     * Ends the session: {@code is_executing} becomes false, and a {@code session_end} says why, with the last position.
     *
     * @return whether it was taken, or has ended already; false as for {@link #pause}, and if it was refused because too many
     *     transitions wait, it may be tried again
     */
    public boolean end(SessionEndReason reason) {
        return session.end(reason);
    }

    /** Whether it takes positions: neither ended nor lost. */
    public boolean isRunning() {
        return session.isRunning();
    }

    /** Whether another writer has taken it over or ended it, or its start was refused. Then nothing of it is stored any more. */
    public boolean isLost() {
        return session.lost() != null;
    }

    /** Ends the session as interrupted, unless it has ended or is lost. */
    @Override
    public void close() {
        if (isRunning()) {
            session.end(SessionEndReason.INTERRUPTED);
        }
    }

    @Override
    public String toString() {
        return "PublishedSession[" + id() + "]";
    }
}
