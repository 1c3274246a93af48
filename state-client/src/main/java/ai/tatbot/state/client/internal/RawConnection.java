package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.SafeEncoder;

/**
 * A connection of its own, for tools that look at Redis itself: made exactly as all others are, and then good for any command. What
 * Redis refuses is a {@link StateException} as everywhere. Nothing is repeated.
 *
 * <p>Replies are texts, {@link Long}s, lists of replies, or null. Not thread-safe, but for {@link #close}.
 */
public final class RawConnection implements AutoCloseable {
    private final Connection connection;
    private final Address address;
    private final RedisErrors errors;

    private RawConnection(Connection connection, Address address) {
        this.connection = connection;
        this.address = address;
        this.errors = new RedisErrors(address.toString());
    }

    /**
     * Connects, and logs in.
     *
     * @throws StateException if there is no connection, or Redis does not let us in
     */
    public static RawConnection open(StateOptions options) {
        Connector connector = connector(options);
        Address named = new Address(options.host(), options.port());
        if (options.sentinels().isEmpty()) {
            return open(connector, named, connector.redis(), options);
        }
        try {
            Address primary = new Sentinels(options, connector)
                    .primary(address -> connector
                            .connect(address, connector.redis(), options.connectTimeout())
                            .close());
            return open(connector, primary, connector.redis(), options);
        } catch (JedisException e) {
            throw new RedisErrors(options.address()).notConnected("connecting", e);
        }
    }

    private static Connector connector(StateOptions options) {
        return new Connector(options, new Credentials(options, options.problemListener()));
    }

    /**
     * Connects without logging in, as someone does who knows no password.
     *
     * @throws StateException DENIED if Redis asks for one
     */
    public static RawConnection openAsStranger(StateOptions options, Address address) {
        return open(connector(options), address, Handshake.asStranger(), options);
    }

    /** Connects to one sentinel. @throws StateException as {@link #open(StateOptions)} */
    public static RawConnection openSentinel(StateOptions options, Address sentinel) {
        Connector connector = connector(options);
        return open(connector, sentinel, connector.sentinel(), options);
    }

    private static RawConnection open(Connector connector, Address address, Handshake handshake, StateOptions options) {
        try {
            return new RawConnection(connector.connect(address, handshake, options.timeout()), address);
        } catch (JedisException e) {
            throw new RedisErrors(address.toString()).notConnected("connecting", e);
        }
    }

    /** The server that answers: with sentinels, the primary that they named. */
    public Address address() {
        return address;
    }

    /** Whether a failure has to do with TLS, and not with who we are. */
    public static boolean isOfTls(StateException failure) {
        return RedisErrors.find(failure, SSLException.class) != null;
    }

    /** Whether Redis refused because this user lacks a right. */
    public static boolean lacksRight(StateException failure) {
        return RedisErrors.lacksRight(failure);
    }

    /**
     * Sends a command and reads its reply.
     *
     * @param what what it does and to what, to begin a message with
     * @throws StateException if Redis refuses, or does not answer in time
     */
    public @Nullable Object call(String what, String... words) {
        return asked(what, () -> {
            write(words);
            return plain(connection.getOne());
        });
    }

    /**
     * Sends all commands in one go and reads their replies. For one that was refused the {@link StateException} stands in its place.
     *
     * @param what as for {@link #call}
     */
    public List<@Nullable Object> callAll(String what, List<List<String>> commands) {
        return asked(what, () -> {
            commands.forEach(words -> write(words.toArray(String[]::new)));
            List<@Nullable Object> replies = new ArrayList<>(commands.size());
            for (Object reply : connection.getMany(commands.size())) {
                replies.add(reply instanceof JedisDataException e ? errors.answered(what, e) : plain(reply));
            }
            return replies;
        });
    }

    /** Sends a command whose reply is read by {@link #receive}. */
    public void send(String what, String... words) {
        asked(what, () -> {
            write(words);
            // Reads nothing, but sends what waits.
            return connection.getMany(0);
        });
    }

    /** Reads what comes next: the reply to what was sent, or a message. */
    public @Nullable Object receive(String what) {
        return asked(what, () -> plain(connection.getUnflushedObject()));
    }

    private void write(String... words) {
        String[] arguments = new String[words.length - 1];
        System.arraycopy(words, 1, arguments, 0, arguments.length);
        connection.sendCommand(() -> SafeEncoder.encode(words[0]), arguments);
    }

    private <T extends @Nullable Object> T asked(String what, Supplier<T> exchange) {
        try {
            return exchange.get();
        } catch (JedisDataException e) {
            throw errors.answered(what, e);
        } catch (JedisConnectionException e) {
            throw errors.broken(what, e, false);
        } catch (JedisException e) {
            throw new StateException(Reason.INTERNAL, what + ": " + e.getMessage(), e);
        } catch (StateException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            // Jedis fails in many ways on bytes that are no answer.
            connection.setBroken();
            throw errors.garbled(what, e, false);
        }
    }

    private static @Nullable Object plain(@Nullable Object reply) {
        if (reply instanceof byte[] bytes) {
            return Namespace.text(bytes);
        }
        if (reply instanceof List<?> list) {
            List<@Nullable Object> replies = new ArrayList<>(list.size());
            list.forEach(one -> replies.add(plain(one)));
            return replies;
        }
        return reply;
    }

    /** Cuts it: a call under way on another thread fails. */
    @Override
    public void close() {
        try {
            connection.forceDisconnect();
        } catch (IOException e) {
            // It is gone all the same.
            connection.setBroken();
        }
    }
}
