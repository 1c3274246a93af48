package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The first words on a new connection, in one round trip: who we are, which database, and what the server is. It tells a
 * replica, a Redis Cluster, a sentinel and what is no Redis from what was asked for, before anything is sent to it.
 *
 * <p>{@code HELLO} rather than {@code ROLE}: it also says whether this is a cluster, and no access rule can deny it.
 */
final class Handshake {
    private static final Pattern ERROR = Pattern.compile("[A-Z][A-Z0-9_]*( .*)?", Pattern.DOTALL);

    private final Login login;
    private final int database;
    private final Expected expected;

    private Handshake(Login login, int database, Expected expected) {
        this.login = login;
        this.database = database;
        this.expected = expected;
    }

    /** For a Redis; with sentinels it must be a primary. */
    static Handshake withRedis(StateOptions options, Login login) {
        return new Handshake(
                login, options.database(), options.sentinels().isEmpty() ? Expected.REDIS : Expected.PRIMARY);
    }

    /** For someone who knows no password. */
    static Handshake asStranger() {
        return new Handshake(Login.nobody(), 0, Expected.REDIS);
    }

    static Handshake withSentinel(Login login) {
        return new Handshake(login, 0, Expected.SENTINEL);
    }

    /** Who we say that we are. */
    Login login() {
        return login;
    }

    /**
     * Shakes hands.
     *
     * @param password of the login, as it is now
     * @throws JedisException if the server refuses, or is not what is expected
     */
    void with(Connection connection, String address, Optional<String> password) {
        List<String> hello = new ArrayList<>(List.of("2"));
        password.ifPresent(
                secret -> hello.addAll(List.of("AUTH", login.username().orElse("default"), secret)));
        connection.sendCommand(Command.HELLO, hello.toArray(String[]::new));
        if (database != 0) {
            connection.sendCommand(Command.SELECT, Integer.toString(database));
        }
        List<Object> answers;
        try {
            answers = connection.getMany(database == 0 ? 1 : 2);
        } catch (JedisException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            // Numbers that are none, and lengths beyond all reason.
            throw notRedis(address, e);
        }
        if (answers.get(0) instanceof JedisDataException refused) {
            if (!ERROR.matcher(String.valueOf(refused.getMessage())).matches()) {
                throw notRedis(address, refused);
            }
            throw refused;
        }
        check(address, answers.get(0));
        if (database != 0 && answers.get(1) instanceof JedisDataException refused) {
            throw refused;
        }
    }

    /** @throws JedisException if this answer to {@code HELLO} is not that of what is expected */
    void check(String address, @Nullable Object answer) {
        if (!(answer instanceof List<?> greeting)) {
            throw notRedis(address, null);
        }
        check(address, value(greeting, "mode"), value(greeting, "role"));
    }

    private void check(String address, String mode, String role) {
        if (mode.equals("cluster")) {
            throw misconfigured(address
                    + " is part of a Redis Cluster, which is not supported. Use a single Redis, or one with replicas.");
        }
        if (expected == Expected.SENTINEL && !mode.equals("sentinel")) {
            throw misconfigured(
                    address + " is a Redis, not a sentinel. Name it with redis://, or name the port of the sentinel.");
        }
        if (expected != Expected.SENTINEL && mode.equals("sentinel")) {
            throw misconfigured(address
                    + " is a sentinel, not a Redis. Name it with redis-sentinel:// and the name of the primary.");
        }
        if (expected == Expected.PRIMARY && !role.equals("master")) {
            throw new NoConnectionException(
                    Reason.READ_ONLY,
                    address + " is a replica, though the sentinels name it as the primary: a failover is under way.",
                    null);
        }
    }

    static NoConnectionException notRedis(String address, @Nullable Throwable cause) {
        return new NoConnectionException(
                Reason.MISCONFIGURED, "what listens at " + address + " is not Redis. Check host and port.", cause);
    }

    private static NoConnectionException misconfigured(String why) {
        return new NoConnectionException(Reason.MISCONFIGURED, why, null);
    }

    /** Of a list of names and values; empty if it is not there. */
    private static String value(List<?> greeting, String name) {
        for (int i = 0; i + 1 < greeting.size(); i += 2) {
            if (greeting.get(i) instanceof byte[] key
                    && new String(key, StandardCharsets.UTF_8).equals(name)
                    && greeting.get(i + 1) instanceof byte[] value) {
                return new String(value, StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private enum Expected {
        REDIS,
        PRIMARY,
        SENTINEL
    }
}
