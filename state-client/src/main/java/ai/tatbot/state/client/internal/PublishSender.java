package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Empties the queue of a publisher: takes what is there, sends it in one flush, reads answers as long as there is nothing else to
 * send. One thread.
 *
 * <p>When a connection breaks, it is not known what was stored of that which was not answered. Positions are sent again, unless
 * there is a newer one. A transition stands in {@code events:log} if it was stored, and is looked for there; only if it is not
 * found is it sent again, before all that came later.
 */
final class PublishSender implements Runnable {
    private static final long SHORTEST_NAP = 250_000;
    private static final long LONGEST_NAP = 10_000_000;
    private static final long NAPS_UNTIL = 2_000_000_000;
    private static final long PING_EVERY = 1_000_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(PublishSender.class);

    private final RedisConnections redis;
    private final PublishQueue queue;
    private final PublishLink link;
    private final PublishMonitor monitor;
    private final PublishLeases leases;
    private final LogSearch log;
    private final PublishWindow window = new PublishWindow();
    private final PublishBacklog backlog;
    private final UnsureItems unsure;
    private final PublishPipeline pipeline;
    private final Refusals refusals = new Refusals();
    private final Backoff reconnect;

    private int attempts;
    private long lastBusy = System.nanoTime();
    private long lastSpoken = System.nanoTime();

    private volatile boolean closing;
    private volatile long deadline;

    PublishSender(
            RedisConnections redis, Namespace namespace, PublishQueue queue, PublishLink link, PublishMonitor monitor) {
        this.redis = redis;
        this.queue = queue;
        this.link = link;
        this.monitor = monitor;
        this.reconnect =
                new Backoff(redis.options().retryDelay(), redis.options().maxRetryDelay());
        Renewals renewals = new Renewals(System::nanoTime);
        this.leases = new PublishLeases(renewals, redis.options().sessionLease(), System::nanoTime);
        this.log = new LogSearch(redis, namespace, link, monitor);
        Settlement settlement = new Settlement(queue, leases, monitor);
        this.backlog = new PublishBacklog(redis, namespace, queue, link, window, settlement, monitor);
        this.unsure = new UnsureItems(link, log, backlog, settlement);
        PublishReplies replies =
                new PublishReplies(redis, backlog, unsure, settlement, log, renewals, refusals, monitor);
        this.pipeline = new PublishPipeline(redis, namespace, link, window, renewals, replies, unsure);
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
                    pause(refusals.next());
                }
            } catch (Throwable e) {
                // Whatever it is, the robot's next states must still get out.
                disconnected(new StateException(Reason.INTERNAL, "publishing failed: " + e, e));
                pause(refusals.next());
            }
        }
        monitor.tellRefused(true);
        link.end();
    }

    /** Ends once all is sent, or at this time of {@link System#nanoTime()}. */
    void close(long until) {
        deadline = until;
        closing = true;
    }

    private boolean isDone() {
        return closing && (isTimeUp() || (backlog.isEmpty() && window.isEmpty() && unsure.isEmpty()));
    }

    private boolean isTimeUp() {
        return System.nanoTime() - deadline >= 0;
    }

    private void step() {
        if (Thread.interrupted()) {
            LOG.debug("a problem listener interrupted the thread of the publisher");
        }
        monitor.tellRefused(false);
        if (!link.isOpen()) {
            pipeline.abandon();
            if (!connect()) {
                return;
            }
        }
        if (!unsure.isEmpty()) {
            unsure.resolve();
            monitor.online();
        }
        leases.due().forEach(backlog::renew);
        List<PublishItem> batch = backlog.takeBatch(refusals.isRefusing() ? 1 : window.room());
        if (!batch.isEmpty()) {
            pipeline.send(batch);
        }
        if (window.isEmpty()) {
            idle();
        } else {
            receive();
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
            monitor.opened();
        } catch (StateException e) {
            monitor.offline(e);
            if (RedisErrors.needsPeople(e) || e.reason() == Reason.INVALID) {
                // It will not change soon, and Redis and its log should not suffer from it.
                pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(2_000, 5_000)));
            }
            return false;
        }
        if (unsure.isEmpty()) {
            log.startFromEnd();
            monitor.online();
        }
        return true;
    }

    private void disconnected(StateException failure) {
        link.abort();
        if (!closing || !isTimeUp()) {
            monitor.offline(failure);
        }
    }

    /** It has answered: the next attempt to connect, should there be one, is the first of its outage. */
    private void connected() {
        attempts = 0;
        monitor.online();
    }

    // ---- answers

    private void receive() {
        Reason hold = pipeline.receive();
        connected();
        if (hold != null) {
            if (hold == Reason.READ_ONLY) {
                // There may be another primary by now.
                link.abort();
            }
            pause(refusals.next());
        }
        lastBusy = System.nanoTime();
        lastSpoken = lastBusy;
    }

    // ---- time

    /** Naps as long as something may come any moment, since to be woken costs those who offer; then sleeps. */
    private void idle() {
        long now = System.nanoTime();
        if (now - lastSpoken > PING_EVERY) {
            link.ping();
            lastSpoken = System.nanoTime();
            connected();
        }
        long quiet = now - lastBusy;
        if (closing) {
            return;
        }
        if (quiet < NAPS_UNTIL) {
            LockSupport.parkNanos(this, Math.max(SHORTEST_NAP, Math.min(quiet / 8, LONGEST_NAP)));
        } else {
            queue.sleep(leases.longestSleep());
        }
    }

    private void pause(Duration longest) {
        long until = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos(); left > 0 && !isDone(); left = until - System.nanoTime()) {
            // An interrupt, which only a problem listener can have caused, must not make this spin.
            boolean ignored = Thread.interrupted();
            LockSupport.parkNanos(this, Math.min(left, 50_000_000));
        }
    }
}
