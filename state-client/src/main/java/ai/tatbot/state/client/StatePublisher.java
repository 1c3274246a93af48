package ai.tatbot.state.client;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.Publishing;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.ErrorReport;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import java.time.Duration;
import java.util.Map;

/**
 * Publishes from a control loop, which it can never hold up: what is offered is sent by a thread of its own. Made by {@link
 * StateManager#publisher()}.
 *
 * <pre>{@code
 * StatePublisher publisher = state.publisher();
 * try (PublishedSession session = publisher.startStrokeSession(100, 108, "tatbotlogo")) {
 *   while (...) {                        // a thousand times a second
 *     publisher.offer(robotState);
 *     session.offer(stroke, pose);
 *   }
 *   session.end();
 * }
 * }</pre>
 *
 * <p>Only {@link #flush} and {@link #close} block. Everything else does no I/O, takes no lock, and throws for nothing that happens
 * to Redis or the network; it only fills a queue, and says by false what it did not take.
 *
 * <p><b>Positions</b> (robot states, heartbeats, progress) are conflated: of each robot, node and session at most the latest
 * waits. <b>Transitions</b> (a session's start, pause, resumption and end, an arm that connects or disconnects, errors and other
 * events) are kept, all of them and in order, up to {@link StateOptions#publisherQueue()}; beyond that they are refused, counted
 * and reported. What is offered to one session or robot is stored in the order in which it was offered.
 *
 * <p>While Redis is away the sender tries to reconnect, at intervals of at most {@link StateOptions#maxRetryDelay()} (where Redis refuses who asks: some seconds). Then a
 * position may be stored twice, a transition is stored once: if the connection broke before its answer, the sender looks for it
 * in {@code events:log} before it sends it again. (For that the Redis user needs XRANGE and XREVRANGE on that key.) What Redis
 * refuses for good is dropped, counted and reported; what it refuses for now (no memory, a replica) is tried again. Problems go to
 * {@link StateOptions#problemListener()}, figures are in {@link #stats()}.
 *
 * <p>A session that is never ended, because its process died or only this was closed, stays executing until a {@link Reaper} ends it
 * as interrupted; one runs beside every {@link ai.tatbot.state.client.health.HealthReporter}, and in {@code tatbot-state serve}.
 *
 * <p>A robot should be written by one publisher or one {@link StateManager#updateRobotState}, not by both: each remembers by
 * itself which arms were connected.
 *
 * <p>Thread-safe. Where two threads offer for the same robot at the same time, either may count as the later.
 */
public final class StatePublisher implements AutoCloseable {
    private final Publishing publishing;
    private final String nodeId;

    StatePublisher(Publishing publishing, String nodeId) {
        this.publishing = publishing;
        this.nodeId = nodeId;
    }

    /**
     * Offers the state of a robot. Tells too if an arm has connected or disconnected since the state before.
     *
     * @return whether it was taken; false once this is closed, which is counted, or for the state of the thousand-and-first robot
     */
    public boolean offer(RobotState state) {
        return publishing.offer(state);
    }

    /**
     * Offers the health of a node. {@code HealthReporter} sends it every now and then, which is enough for most nodes, and only
     * that tells the fleet that the node is online: a node that offers its health here alone is shown as older nodes are.
     *
     * @return whether it was taken, as for {@link #offer(RobotState)}
     */
    public boolean offer(NodeHealth health) {
        return publishing.offer(health);
    }

    /**
     * Starts a stroke session of this node. Returns at once; Redis is told as soon as it can be. If too many transitions wait, the
     * session is lost from the beginning ({@link PublishedSession#isLost()}).
     *
     * @param totalStrokes number of strokes
     * @param strokeLength number of poses of each stroke
     * @param sceneName scene being tattooed
     * @throws InvalidValueException if a value does not fit the schema
     */
    public PublishedSession startStrokeSession(int totalStrokes, int strokeLength, String sceneName) {
        return startStrokeSession(StrokeProgress.builder()
                .totalStrokes(totalStrokes)
                .strokeLength(strokeLength)
                .sceneName(sceneName));
    }

    /**
     * Starts a stroke session of this node, as {@link #startStrokeSession(int, int, String)} does.
     *
     * @param first its first position; node and time are filled in, and it is marked as executing
     * @throws InvalidValueException if a value does not fit the schema
     */
    public PublishedSession startStrokeSession(StrokeProgress.Builder first) {
        return new PublishedSession(publishing.startSession(
                first.nodeId(nodeId).isExecuting(true).isPaused(false).build()));
    }

    /**
     * Queues a transition that belongs to no document, such as an error.
     *
     * @return whether it was taken; false if too many wait, or once this is closed
     * @throws InvalidValueException if it does not fit the channel, or is a position
     */
    public <E extends Event> boolean publish(Channel<E> channel, E event) {
        return publishing.publish(channel, event);
    }

    /**
     * Queues an error of this node for {@code error:events:{category}}.
     *
     * @param category subject, such as {@code robot}
     * @param message what went wrong, for people
     * @param details whatever else is known; JSON values only
     * @return whether it was taken, as for {@link #publish}
     * @throws InvalidValueException if a value does not fit the schema
     */
    public boolean reportError(String category, String message, Map<String, ?> details) {
        return publish(
                Channels.errorEvents(category),
                ErrorReport.builder()
                        .nodeId(nodeId)
                        .category(category)
                        .message(message)
                        .details(Map.copyOf(details))
                        .build());
    }

    /**
     * Waits until everything offered before is stored. Blocks: not for the loop.
     *
     * @param longest how long at most
     * @return whether it is stored; false if time ran out, or if something was dropped meanwhile
     * @throws StateException INTERRUPTED if the calling thread is interrupted
     */
    public boolean flush(Duration longest) {
        try {
            return publishing.flush(longest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException(
                    Reason.INTERRUPTED,
                    "flushing the publisher: the thread was interrupted; what waits is still sent",
                    e);
        }
    }

    /** What it has done so far. Never blocks. */
    public PublisherStats stats() {
        return publishing.stats();
    }

    /**
     * Sends what waits, for at most {@link StateOptions#publisherCloseTimeout()}, then ends thread and connection; what could not
     * be sent is reported with its number. Sessions are not ended. What is offered afterwards is counted and ignored. Does
     * nothing the second time.
     */
    @Override
    public void close() {
        publishing.close();
    }

    boolean isClosed() {
        return publishing.isClosed();
    }
}
