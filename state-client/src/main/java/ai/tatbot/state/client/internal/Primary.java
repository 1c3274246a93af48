package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The server that takes writes: always the same one, or the one that the sentinels name. It is looked for when it is first
 * needed, and again once it is in doubt; callers that need it at the same time look for it once. Thread-safe.
 *
 * <p>A primary that the sentinels have moved elsewhere may take writes for ten seconds more, and then forgets them. So the
 * sentinels are asked every second, too, by a daemon thread.
 *
 * <p>Why not by the means of Jedis: docs/decisions/0008-topologies.md.
 */
final class Primary implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Primary.class);

    private static final Duration ASK_EVERY = Duration.ofSeconds(1);

    private final StateOptions options;
    private final Connector connector;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Optional<Sentinels> sentinels;
    private final AtomicReference<@Nullable CompletableFuture<RedisNode>> search = new AtomicReference<>();
    private final Object lock = new Object();
    private volatile @Nullable RedisNode node;
    private boolean closed;

    Primary(StateOptions options, Connector connector) {
        this.options = options;
        this.connector = connector;
        if (options.sentinels().isEmpty()) {
            this.sentinels = Optional.empty();
            this.node = new RedisNode(new Address(options.host(), options.port()), connector, options);
        } else {
            this.sentinels = Optional.of(new Sentinels(options, connector));
            Thread watch = new Thread(this::watch, "tatbot-sentinels");
            watch.setDaemon(true);
            watch.start();
        }
    }

    /** Whether another server may become it. */
    boolean canMove() {
        return sentinels.isPresent();
    }

    /** The one that was found last. */
    Optional<RedisNode> known() {
        return Optional.ofNullable(node);
    }

    /** Looks for it, if need be. @throws JedisException if there is none */
    RedisNode get() {
        RedisNode known = node;
        if (known != null && !known.isDoubted()) {
            return known;
        }
        CompletableFuture<RedisNode> mine = new CompletableFuture<>();
        CompletableFuture<RedisNode> running = search.compareAndExchange(null, mine);
        return running == null ? find(mine) : await(running);
    }

    /** Lets the next call look again. */
    void doubt(RedisNode node) {
        if (canMove()) {
            node.doubt(true);
        }
    }

    private RedisNode find(CompletableFuture<RedisNode> result) {
        try {
            RedisNode known = node;
            RedisNode found = known != null && !known.isDoubted() ? known : find();
            result.complete(found);
            return found;
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
            throw e;
        } finally {
            search.set(null);
        }
    }

    private void watch() {
        try {
            while (!closing.await(ASK_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
                RedisNode known = node;
                if (known != null && !known.isDoubted()) {
                    notice(known);
                }
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but a virtual machine that ends.
            LOG.debug("the sentinels are asked no more");
        }
    }

    /** Moves to another primary if the sentinels name one that stands the test; else all stays as it is. */
    private void notice(RedisNode known) {
        try {
            Address named = sentinels.orElseThrow().primary(address -> {
                if (!address.equals(known.address())) {
                    test(address);
                }
            });
            if (!named.equals(known.address())) {
                install(named);
            }
        } catch (JedisException | StateException e) {
            // Calls are not hurt by sentinels that are away, and say so themselves once they need one.
            LOG.debug("the sentinels name no other primary: {}", e.getMessage());
        }
    }

    private void test(Address address) {
        connector.connect(address, connector.redis(), options.connectTimeout()).close();
    }

    private RedisNode find() {
        return install(sentinels.orElseThrow().primary(this::test));
    }

    private RedisNode install(Address address) {
        synchronized (lock) {
            if (closed) {
                throw RedisConnections.closedException();
            }
            RedisNode old = node;
            if (old != null && old.address().equals(address)) {
                old.doubt(false);
                return old;
            }
            RedisNode found = new RedisNode(address, connector, options);
            node = found;
            if (old != null) {
                LOG.info("the primary is now {}, and no longer {}", address, old.address());
                old.leave();
            }
            return found;
        }
    }

    private RedisNode await(CompletableFuture<RedisNode> running) {
        try {
            return running.get(options.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NoConnectionException failure) {
                throw failure;
            }
            throw new NoConnectionException(Reason.UNAVAILABLE, "looking for the primary failed: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new NoConnectionException(
                    Reason.TIMEOUT, "looking for the primary takes longer than the timeout; nothing was sent.", e);
        } catch (InterruptedException e) {
            throw new JedisException(e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        synchronized (lock) {
            closed = true;
            RedisNode open = node;
            if (open != null) {
                open.close();
            }
        }
    }
}
