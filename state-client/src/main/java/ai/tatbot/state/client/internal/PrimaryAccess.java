package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * For connections that are not made by Jedis: where the primary is, and what a failure means, as the blocking face would have it.
 * Thread-safe.
 */
public final class PrimaryAccess {
    private final RedisConnections redis;
    private final Primary primary;
    private final StateOptions options;
    private final Connector connector;
    private final Backoff backoff;
    private final Acquaintance acquaintance = new Acquaintance(System::nanoTime);

    public PrimaryAccess(RedisConnections redis) {
        this.redis = redis;
        this.primary = redis.primary();
        this.options = redis.options();
        this.connector = redis.connector();
        this.backoff = new Backoff(options.retryDelay(), options.maxRetryDelay());
    }

    /** What every connection is made with. */
    public Credentials credentials() {
        return connector.credentials();
    }

    /** Looks for it, if need be. Blocks. @throws StateException if there is none */
    public Address findPrimary(String what) {
        try {
            return primary.get().address();
        } catch (JedisException e) {
            throw redis.errors().notConnected(what, e);
        }
    }

    /** The one that was found last, which may have moved since; null if none was found yet. */
    public @Nullable Address knownPrimary() {
        return primary.known().map(RedisNode::address).orElse(null);
    }

    /** Lets it be looked for again, if it is the one that is known. */
    public void doubtPrimary(Address address) {
        primary.known().filter(node -> node.address().equals(address)).ifPresent(primary::doubt);
    }

    /** Whether another server may become it. */
    public boolean canMove() {
        return primary.canMove();
    }

    /** How long to wait before this attempt to connect or to ask, counted from 1; another time each. */
    public Duration pauseBefore(int attempt) {
        return backoff.before(attempt);
    }

    /** @throws StateException if the answer to {@code HELLO} is not that of the server that is expected */
    public void checkGreeting(String what, Address address, @Nullable Object answer) {
        try {
            connector.redis().check(address.toString(), answer);
            acquaintance.met();
        } catch (JedisException e) {
            throw new RedisErrors(address.toString()).notConnected(what, e);
        }
    }

    /**
     * Why there is no connection to a server. Where the failure itself does not say, a connection of the blocking face is tried, which
     * knows to ask; that may take a while.
     */
    public StateException cannotConnect(String what, Address address, Throwable why) {
        RedisErrors errors = new RedisErrors(address.toString());
        if (RedisErrors.find(why, ConnectException.class) == null) {
            try {
                connector
                        .connect(address, connector.redis(), options.connectTimeout())
                        .close();
            } catch (NoConnectionException e) {
                return errors.notConnected(what, acquaintance.judge(e));
            } catch (JedisException e) {
                acquaintance.missed();
                return errors.notConnected(what, e);
            }
        }
        acquaintance.missed();
        return errors.notConnected(what, why);
    }

    /** Why there is no connection for this call, from what {@link #cannotConnect(String, Address, Throwable)} has found. */
    public StateException cannotConnect(String what, Throwable why) {
        if (why instanceof StateException failure) {
            String message = String.valueOf(failure.getMessage());
            return new StateException(
                    failure.reason(), what + message.substring(Math.max(0, message.indexOf(':'))), failure);
        }
        return redis.errors().notConnected(what, why);
    }

    /** Whether someone has to change something before it mends. */
    public static boolean needsPeople(Throwable why) {
        return why instanceof StateException failure && RedisErrors.needsPeople(failure);
    }

    /** Redis answered with an error: nothing was stored. */
    public StateException refused(String what, JedisDataException refusal) {
        return redis.errors().answered(what, refusal);
    }

    /** Whether a replica has refused a write. */
    public static boolean isReplica(JedisDataException refusal) {
        return String.valueOf(refusal.getMessage()).startsWith("READONLY");
    }

    /**
     * The connection broke after something may have been sent.
     *
     * @param silent whether it was given up because Redis did not answer in time
     */
    public StateException broken(String what, @Nullable Throwable why, boolean silent, boolean write) {
        JedisConnectionException broken = silent
                ? new JedisConnectionException(new SocketTimeoutException("no answer in time"))
                : new JedisConnectionException("the connection broke", why);
        return redis.errors().broken(what, broken, write);
    }

    /** What came is no answer to what was asked. */
    public StateException garbled(String what, Throwable why) {
        return redis.errors().garbled(what, why, true);
    }

    /** Its time was over before it could be sent. */
    public StateException tooLate(String what) {
        return new StateException(
                Reason.TIMEOUT,
                what + ": not sent within " + options.timeout().toMillis()
                        + " ms; nothing was sent. Is Redis frozen, the network slow, or too much under way?");
    }

    /** It was not sent, and will not be. */
    public static StateException closed() {
        return new StateException(
                Reason.CLOSED, "this AsyncStateManager is closed; make a new one with AsyncStateManager.connect");
    }

    /**
     * Why not enough replicas have what was stored.
     *
     * @param answer to {@code WAIT}
     * @return null if enough have it
     */
    public static @Nullable StateException unconfirmed(String what, @Nullable Object answer, StateOptions options) {
        return ReplicatedExchange.unconfirmed(what, answer, options);
    }
}
