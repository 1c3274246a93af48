package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.PublisherStats;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A queue, and the thread and the connection that empty it. Thread-safe. */
public final class Publishing {
    /** Far more than a fleet has; a program that invents ids must not fill the memory. */
    private static final int MOST_NODES = 1_000;

    /** How long a thread that was told to end is waited for. */
    private static final long LAST_WORDS_MILLIS = 200;

    private final RedisConnections redis;
    private final Namespace namespace;
    private final PublishQueue queue;
    private final PublishLink link;
    private final PublishMonitor monitor;
    private final PublishSender sender;
    private final Thread thread;
    private final Map<String, PublishRobot> robots = new ConcurrentHashMap<>();
    private final Map<String, PublishHealth> nodes = new ConcurrentHashMap<>();
    private boolean closed;

    /** Starts the thread; it connects by itself. */
    public Publishing(RedisConnections redis, Namespace namespace) {
        if (redis.isClosed()) {
            throw RedisConnections.closedException();
        }
        this.redis = redis;
        this.namespace = namespace;
        this.queue = new PublishQueue(redis.options().publisherQueue());
        this.link = new PublishLink(redis, namespace);
        this.monitor = new PublishMonitor(redis, queue);
        this.sender = new PublishSender(redis, namespace, queue, link, monitor);
        this.thread = new Thread(sender, "tatbot-publisher");
        thread.setDaemon(true);
        thread.start();
    }

    /** Offers a robot's state. */
    public boolean offer(RobotState state) {
        PublishRobot robot = key(robots, state.nodeId(), PublishRobot::new);
        if (robot == null) {
            return false;
        }
        return robot.turns(state) ? queue.offerTurn(robot, state) : queue.offer(robot, state);
    }

    /** Offers a heartbeat. */
    public boolean offer(NodeHealth health) {
        PublishHealth node = key(nodes, health.nodeId(), PublishHealth::new);
        return node != null && queue.offer(node, health);
    }

    private <K> @Nullable K key(Map<String, K> keys, String nodeId, Function<String, K> maker) {
        K key = keys.get(nodeId);
        if (key == null && keys.size() < MOST_NODES) {
            key = keys.computeIfAbsent(nodeId, maker);
        }
        if (key == null) {
            queue.ignore();
        }
        return key;
    }

    /** Queues the start of a session. */
    public PublishSession startSession(StrokeProgress first) {
        PublishSession session = new PublishSession(
                queue, SessionIds.next(first.nodeId()), redis.options().sessionLease(), first);
        session.start();
        return session;
    }

    /** Queues a transition that belongs to no document. */
    public <E extends Event> boolean publish(Channel<E> channel, E event) {
        Message<E> message = new Message<>(channel, event);
        if (!message.isTransition()) {
            throw new InvalidValueException(
                    event.type() + " is a position, which goes with its document; offer that instead");
        }
        return queue.append(new PublishEvent(
                event.type(), channel.name(), namespace.channel(channel), Message.tail(message.checkedJson())));
    }

    /** Waits until all that was offered is stored; false if it is not. */
    public boolean flush(Duration longest) throws InterruptedException {
        PublishMarker marker = new PublishMarker(monitor.drops());
        queue.mark(marker);
        boolean reached = false;
        try {
            reached = marker.reached.await(longest.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            if (!reached) {
                // Else a program that flushes all through an outage would fill the queue.
                queue.withdraw(marker);
            }
        }
        return reached && marker.droppedAfter == marker.droppedBefore;
    }

    /** What it has done. */
    public PublisherStats stats() {
        return monitor.stats();
    }

    /** Sends what waits, for as long as the options allow, then ends thread and connection. Nothing the second time. */
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        queue.close();
        long nanos = redis.options().publisherCloseTimeout().toNanos();
        long deadline = System.nanoTime() + nanos;
        sender.close(deadline);
        LockSupport.unpark(thread);
        boolean interrupted = false;
        if (Thread.currentThread() != thread) {
            interrupted = !join(TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
            link.abort();
            interrupted |= !join(LAST_WORDS_MILLIS);
        }
        tellRest();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** False if the waiting thread was interrupted. */
    private boolean join(long millis) {
        try {
            thread.join(millis);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void tellRest() {
        PublisherStats stats = monitor.stats();
        long positions = stats.offered() - stats.sent() - stats.conflated() - stats.dropped();
        int transitions = stats.transitionsQueued();
        if (positions > 0 || transitions > 0) {
            redis.report(new Problem(
                    Problem.Kind.NOT_PUBLISHED,
                    "publisher",
                    "closed with " + positions + " positions and " + transitions
                            + " transitions that Redis has not confirmed; what was not sent is lost. Was Redis away?"
                            + " Raise publisherCloseTimeout to wait longer.",
                    null));
        }
    }

    /** Whether it was closed. */
    public synchronized boolean isClosed() {
        return closed;
    }
}
