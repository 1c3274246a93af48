package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import java.net.SocketTimeoutException;
import java.util.NoSuchElementException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** Turns what Jedis throws into the one exception of the client. */
final class RedisErrors {
    private final String address;

    /** @param address where Redis is, without credentials */
    RedisErrors(String address) {
        this.address = address;
    }

    /** No connection could be had: nothing was sent. */
    StateException notConnected(String what, Throwable e) {
        if (find(e, InterruptedException.class) != null) {
            Thread.currentThread().interrupt();
            return new StateException(
                    Reason.INTERRUPTED,
                    what + ": the thread was interrupted while it waited for a connection; nothing was sent",
                    e);
        }
        NoConnectionException known = find(e, NoConnectionException.class);
        if (known != null) {
            return new StateException(known.reason(), what + ": " + known.why(), e);
        }
        StateException failure = find(e, StateException.class);
        if (failure != null) {
            return failure;
        }
        JedisDataException refused = find(e, JedisDataException.class);
        if (refused != null) {
            return answered(what, refused);
        }
        SSLException tls = find(e, SSLException.class);
        if (tls != null) {
            return new StateException(
                    Reason.DENIED,
                    what + ": no trusted TLS connection to " + address + ": " + tls.getMessage()
                            + ". Check the certificates: the server's against REDIS_TLS_CA_FILE, ours in REDIS_TLS_CERT_FILE.",
                    e);
        }
        if (find(e, NoSuchElementException.class) != null) {
            return new StateException(
                    Reason.TIMEOUT,
                    what + ": all connections to " + address
                            + " are in use. Raise REDIS_MAX_CONNECTIONS, or use fewer threads.",
                    e);
        }
        if (find(e, SocketTimeoutException.class) != null) {
            return new StateException(
                    Reason.TIMEOUT,
                    what + ": " + address
                            + " did not answer in time; nothing was sent. Is it frozen, or the network slow?",
                    e);
        }
        return new StateException(
                Reason.UNAVAILABLE,
                what + ": cannot connect to Redis at " + address
                        + ". Is it running, and are REDIS_URL or REDIS_HOST and REDIS_PORT right?",
                e);
    }

    /** The connection broke after something may have been sent. */
    StateException broken(String what, JedisConnectionException e, boolean write) {
        String stored = write ? " It is not known whether this was stored." : "";
        if (find(e, SocketTimeoutException.class) != null) {
            return new StateException(Reason.TIMEOUT, what + ": " + address + " did not answer in time." + stored, e);
        }
        return new StateException(Reason.UNAVAILABLE, what + ": the connection to " + address + " broke." + stored, e);
    }

    /** Something came on a connection that worked before, and was no answer of Redis. */
    StateException garbled(String what, Throwable e, boolean write) {
        return new StateException(
                Reason.UNAVAILABLE,
                what + ": what came from " + address + " is no answer of Redis; the connection was dropped."
                        + (write ? " It is not known whether this was stored." : ""),
                e);
    }

    /** Whether a replica has refused a write. */
    static boolean isReplica(StateException failure) {
        return isAnswer(failure, "READONLY");
    }

    /** Whether this user may not do this, though it may connect. */
    static boolean lacksRight(StateException failure) {
        return isAnswer(failure, "NOPERM");
    }

    /**
     * Whether Redis takes no writes because it cannot save, on a full disk for instance. It refuses {@code PING} then, too, but serves
     * reads and subscriptions as ever.
     */
    static boolean cannotSave(JedisDataException refusal) {
        return String.valueOf(refusal.getMessage()).startsWith("MISCONF");
    }

    /** Whether a server has refused the user or the password, whoever tells of it. */
    static boolean isWrongPassword(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (String.valueOf(t.getMessage()).startsWith("WRONGPASS")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAnswer(StateException failure, String code) {
        JedisDataException answer = find(failure, JedisDataException.class);
        return answer != null && String.valueOf(answer.getMessage()).startsWith(code);
    }

    /**
     * Whether it will not mend by trying again soon, since someone has to change a password, a right, a certificate or an address.
     */
    static boolean needsPeople(StateException failure) {
        return failure.reason() == Reason.DENIED || failure.reason() == Reason.MISCONFIGURED;
    }

    /** Redis answered with an error: nothing was stored. */
    StateException answered(String what, JedisDataException e) {
        return answered(what, String.valueOf(e.getMessage()), e);
    }

    private StateException answered(String what, String error, Exception e) {
        int space = error.indexOf(' ');
        String code = space < 0 ? error : error.substring(0, space);
        String rest = space < 0 ? "" : error.substring(space + 1);
        return switch (code) {
            case "CONFLICT" ->
                new StateException(
                        Reason.CONFLICT,
                        what + ": changed by someone else meanwhile (revision " + rest + "). Read it again and decide.",
                        e);
            case "FENCED" ->
                new StateException(
                        Reason.CONFLICT,
                        what + ": this writer no longer owns the session (fence " + rest
                                + "); it has ended or was taken over. Start a new one.",
                        e);
            case "PARTIAL" -> {
                StateException refusal = answered(what, rest, e);
                yield new StateException(
                        refusal.reason(),
                        refusal.getMessage()
                                + " Undoing what had been done before that was refused, too (it needs HDEL, SREM and XDEL):"
                                + " the revision may have risen, but no event was sent.",
                        e);
            }
            case "DENIED" ->
                new StateException(
                        Reason.DENIED,
                        what + ": " + address + " is in protected mode and takes connections from its own machine only."
                                + " Set a password and bind it to the network.",
                        e);
            case "NOAUTH" ->
                new StateException(
                        Reason.DENIED,
                        what + ": " + address + " asks for a password, and none was given. Set REDIS_PASSWORD.",
                        e);
            case "WRONGPASS" ->
                new StateException(
                        Reason.DENIED,
                        what + ": " + address
                                + " refused the user or password. Check REDIS_USERNAME and REDIS_PASSWORD.",
                        e);
            case "NOPERM" ->
                new StateException(
                        Reason.DENIED,
                        what + ": this Redis user lacks a right: " + rest
                                + ". Nothing was stored. Grant it, or use the user meant for this node.",
                        e);
            case "WRONGTYPE" ->
                new StateException(
                        Reason.INVALID,
                        what
                                + ": the key, or one that belongs to it, holds another Redis type. Nothing was stored. Look at it with TYPE and remove it if it is no longer needed.",
                        e);
            case "OOM" ->
                new StateException(
                        Reason.OUT_OF_MEMORY,
                        what + ": Redis at " + address
                                + " has reached maxmemory. Nothing was stored. Free memory or raise the limit.",
                        e);
            case "READONLY" ->
                new StateException(
                        Reason.READ_ONLY,
                        what + ": " + address + " is a replica. Nothing was stored. Connect to the primary.",
                        e);
            case "MISCONF", "NOREPLICAS" ->
                new StateException(Reason.READ_ONLY, what + ": " + address + " takes no writes now: " + error, e);
            case "LOADING", "BUSY", "MASTERDOWN", "TRYAGAIN" ->
                new StateException(
                        Reason.BUSY, what + ": " + address + " is not ready: " + error + ". Try again soon.", e);
            case "MOVED", "ASK", "CLUSTERDOWN", "CROSSSLOT" ->
                new StateException(
                        Reason.MISCONFIGURED,
                        what + ": " + address
                                + " is part of a Redis Cluster, which is not supported. Use a single Redis, or one with replicas.",
                        e);
            default -> {
                if (error.contains("max number of clients reached")) {
                    yield new StateException(
                            Reason.UNAVAILABLE,
                            what + ": " + address + " takes no more connections. Raise its maxclients, or close some.",
                            e);
                }
                if (error.contains("AUTH") && error.contains("without any password configured")) {
                    yield new StateException(
                            Reason.DENIED,
                            what + ": " + address
                                    + " has no password, but one was given. Remove REDIS_PASSWORD, or protect that Redis.",
                            e);
                }
                yield new StateException(Reason.INTERNAL, what + ": Redis at " + address + " answered: " + error, e);
            }
        };
    }

    static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }
}
