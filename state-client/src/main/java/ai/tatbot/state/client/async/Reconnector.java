package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import ai.tatbot.state.client.internal.PrimaryAccess;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the connection, and makes it again, on a thread of its own, which lives while there is none. */
final class Reconnector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconnector.class);

    private final PrimaryAccess redis;
    private final StateOptions options;
    private final Links links;
    private final Sender sender;
    private final ExecutorService thread;
    private final CountDownLatch stop = new CountDownLatch(1);

    /** Whether an attempt is under way. Belongs to the thread of the connections, as does the next. */
    private boolean trying;

    private int attempts;
    private boolean wasLinked;

    Reconnector(PrimaryAccess redis, StateOptions options, Links links, Sender sender) {
        this.redis = redis;
        this.options = options;
        this.links = links;
        this.sender = sender;
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread created = new Thread(task, "tatbot-async-connect-" + options.nodeId());
                    created.setDaemon(true);
                    return created;
                });
        pool.allowCoreThreadTimeOut(true);
        this.thread = pool;
    }

    /** Tries once, after a while if it has failed before; the sender is told how it went. Nothing if it tries already. */
    void connect() {
        if (trying || stop.getCount() == 0) {
            return;
        }
        trying = true;
        // The first attempt of all hurts nobody; but many lose the same server at once.
        Duration wait = wasLinked || attempts > 0 ? redis.pauseBefore(attempts + 1) : Duration.ZERO;
        // The first one has much to load from the disk before it hears an answer.
        Duration patience = wasLinked ? options.connectTimeout().multipliedBy(2) : options.timeout();
        try {
            thread.execute(() -> tryOnce(wait, patience));
        } catch (RejectedExecutionException e) {
            trying = false;
        }
    }

    private void tryOnce(Duration wait, Duration patience) {
        try {
            if (stop.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            Address primary = redis.findPrimary("connecting");
            try {
                Link link = links.open(primary, sender, patience);
                sender.onLoop(() -> {
                    if (attempts > 0) {
                        LOG.info("connected to {} again", primary);
                    }
                    trying = false;
                    attempts = 0;
                    wasLinked = true;
                    sender.linked(link);
                });
            } catch (StateException e) {
                redis.doubtPrimary(primary);
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.debug("no connection: {}", e.getMessage());
            sender.onLoop(() -> {
                trying = false;
                attempts++;
                sender.missed(e);
            });
        }
    }

    @Override
    public void close() {
        stop.countDown();
        thread.shutdown();
    }
}
