package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.SystemStatus.RedisServer;
import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.Shown;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.RestoreParams;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Copies the keys of one namespace, or those of the schema where there is none, out of a Redis and into one, whatever is in them.
 * Blocks; every method throws a {@link StateException} as {@link ai.tatbot.state.client.StateManager} does. Thread-safe.
 *
 * <p>Rights, on all of those keys: {@code PING}, {@code INFO}, {@code TIME}; to read, {@code DBSIZE}, {@code SCAN}, {@code
 * MULTI}, {@code EXEC}, {@code DUMP}, {@code PTTL}; to write, {@code EXISTS}, {@code RESTORE}.
 */
public final class KeyCopies implements AutoCloseable {
    private static final int SCANNED_AT_ONCE = 1_000;

    /** What {@code PTTL} answers for a key that does not expire. */
    private static final long NEVER = -1;

    /** The same for one that is not there. */
    private static final long GONE = -2;

    private final RedisConnections redis;
    private final StateOptions options;
    private final Namespace namespace;

    /** How names of ours begin. */
    private final List<byte[]> prefixes;
    /** Names of ours as a whole. */
    private final List<byte[]> names;

    private KeyCopies(StateOptions options) {
        this.options = options;
        this.redis = new RedisConnections(options);
        this.namespace = new Namespace(options.namespace());
        this.prefixes = options.namespace().isEmpty() ? patterns(true) : List.of(bytes(options.namespace() + ":"));
        this.names = options.namespace().isEmpty() ? patterns(false) : List.of();
    }

    private static List<byte[]> patterns(boolean open) {
        return Keys.all().stream()
                .map(KeyKind::pattern)
                .filter(pattern -> pattern.endsWith("*") == open)
                .map(pattern -> bytes(open ? pattern.substring(0, pattern.length() - 1) : pattern))
                .toList();
    }

    /** Connects. */
    public static KeyCopies connect(StateOptions options) {
        KeyCopies copies = new KeyCopies(options);
        try {
            copies.redis.ping();
            return copies;
        } catch (StateException e) {
            copies.close();
            throw e;
        }
    }

    /** Where Redis is, for people. */
    public String address() {
        return options.address();
    }

    /** What Redis this is. */
    public RedisServer server() {
        return RedisInfo.parse(info("server"), info("memory"));
    }

    /** Another for each start of each Redis: whoever is answered by two has seen neither whole. */
    public String instance() {
        return RedisInfo.value(info("server"), "run_id");
    }

    private String info(String section) {
        return redis.run("asking which Redis it is", Safety.READ, connection -> {
            connection.sendCommand(Command.INFO, section);
            return connection.getBulkReply();
        });
    }

    /** What Redis' clock says. */
    public Instant time() {
        return redis.run(
                "asking for the time",
                Safety.READ,
                connection -> RedisTime.decode(connection.executeCommand(RedisTime.COMMAND)));
    }

    /** How many keys there are in the database, others than ours among them. */
    public long databaseSize() {
        return redis.run("counting keys", Safety.READ, connection -> {
            connection.sendCommand(Command.DBSIZE);
            return connection.getIntegerReply();
        });
    }

    /** Whether it belongs to this namespace, or to the schema where there is none. */
    public boolean isOurs(byte[] name) {
        return prefixes.stream().anyMatch(prefix -> startsWith(name, prefix))
                || names.stream().anyMatch(whole -> whole.length == name.length && startsWith(name, whole));
    }

    private static boolean startsWith(byte[] name, byte[] prefix) {
        return name.length >= prefix.length && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
    }

    /**
     * Walks through the database, some keys a round trip, and hands over the names of ours. A key that is there all the time is
     * handed over at least once.
     *
     * @param progress told after each round trip how many keys it has seen, roughly, others than ours among them
     */
    public void scan(Consumer<List<byte[]>> found, LongConsumer progress) {
        ScanParams params = new ScanParams().match(namespace.pattern()).count(SCANNED_AT_ONCE);
        byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
        long seen = 0;
        do {
            byte[] from = cursor;
            ScanResult<byte[]> page = redis.run(
                    "looking for keys",
                    Safety.READ,
                    connection -> connection.executeCommand(
                            RedisConnections.commands().scan(from, params)));
            found.accept(page.getResult().stream().filter(this::isOurs).toList());
            seen += SCANNED_AT_ONCE;
            progress.accept(seen);
            cursor = page.getCursorAsBytes();
        } while (!text(cursor).equals(ScanParams.SCAN_POINTER_START));
    }

    /**
     * Copies keys in one step and one round trip: nothing is written to them in between. Those that are not there any more are left
     * out.
     */
    public List<KeyCopy> copy(List<byte[]> keys) {
        return redis.run("copying keys", Safety.READ, connection -> {
            connection.sendCommand(Command.MULTI);
            connection.sendCommand(Command.TIME);
            for (byte[] key : keys) {
                connection.sendCommand(Command.DUMP, key);
                connection.sendCommand(Command.PTTL, key);
            }
            connection.sendCommand(Command.EXEC);
            List<?> answers = transaction(connection, 2 * keys.size() + 1);
            long now = RedisTime.decode(list(answers.get(0))).toEpochMilli();
            List<KeyCopy> copies = new ArrayList<>(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                long left = ((Number) answers.get(2 * i + 2)).longValue();
                // No value: it has gone since it was found. GONE: between the two commands.
                if (answers.get(2 * i + 1) instanceof byte[] value && left != GONE) {
                    copies.add(new KeyCopy(keys.get(i), value, left == NEVER ? null : Long.valueOf(now + left)));
                }
            }
            return copies;
        });
    }

    @SuppressWarnings("unchecked") // what Jedis answers to TIME
    private static List<Object> list(Object answer) {
        return (List<Object>) answer;
    }

    /** @param commands how many there are between MULTI and EXEC */
    private static List<?> transaction(Connection connection, int commands) {
        List<Object> answers = connection.getMany(commands + 2);
        for (Object answer : answers) {
            // The first refusal says why; that of EXEC only that there was one.
            if (answer instanceof JedisDataException refused) {
                throw refused;
            }
        }
        List<?> results = (List<?>) answers.get(commands + 1);
        for (Object result : results) {
            if (result instanceof JedisDataException refused) {
                throw refused;
            }
        }
        return results;
    }

    /** Of these keys, those that there are. One round trip. */
    public List<KeyCopy> existing(List<KeyCopy> copies) {
        return redis.run("looking for keys that exist already", Safety.READ, connection -> {
            Pipeline pipeline = new Pipeline(connection);
            List<Response<Boolean>> there =
                    copies.stream().map(copy -> pipeline.exists(copy.name())).toList();
            pipeline.sync();
            List<KeyCopy> existing = new ArrayList<>();
            for (int i = 0; i < copies.size(); i++) {
                if (there.get(i).get()) {
                    existing.add(copies.get(i));
                }
            }
            return existing;
        });
    }

    /**
     * Has Redis look at copies as if it were to take them, without writing anything: they are offered under a name that nobody has, as
     * expired long ago. One round trip.
     *
     * @throws StateException INVALID if it would refuse one: made by a newer Redis, or damaged
     */
    public void check(List<KeyCopy> copies) {
        byte[] nobody = bytes((options.namespace().isEmpty() ? "" : options.namespace() + ":") + "restore-check:"
                + UUID.randomUUID());
        RestoreParams longAgo = RestoreParams.restoreParams().absTtl();
        redis.run("checking a backup", Safety.READ, connection -> {
            Pipeline pipeline = new Pipeline(connection);
            List<Response<String>> answers = copies.stream()
                    .map(copy -> pipeline.restore(nobody, 1, copy.value(), longAgo))
                    .toList();
            pipeline.sync();
            for (int i = 0; i < copies.size(); i++) {
                if (!isTaken(copies.get(i), answers.get(i))) {
                    throw new StateException(Reason.CONFLICT, "there is a key named " + text(nobody));
                }
            }
            return true;
        });
    }

    /**
     * Writes copies, each with its time of expiry. One round trip; each for itself.
     *
     * @param replace whether keys that exist already are overwritten; else they are left as they are
     * @return those that existed already and were left
     * @throws StateException if Redis refuses one for another reason; others of them may have been written
     */
    public List<KeyCopy> restore(List<KeyCopy> copies, boolean replace) {
        return redis.run("restoring keys", Safety.ONCE, connection -> {
            Pipeline pipeline = new Pipeline(connection);
            RestoreParams params = RestoreParams.restoreParams().absTtl();
            if (replace) {
                params.replace();
            }
            List<Response<String>> answers = copies.stream()
                    .map(copy -> pipeline.restore(
                            copy.name(), copy.expiry() == null ? 0 : copy.expiry(), copy.value(), params))
                    .toList();
            pipeline.sync();
            List<KeyCopy> left = new ArrayList<>();
            for (int i = 0; i < copies.size(); i++) {
                if (!isTaken(copies.get(i), answers.get(i))) {
                    left.add(copies.get(i));
                }
            }
            return left;
        });
    }

    /**
     * Whether Redis has taken it.
     *
     * @return false if there is a key of that name
     */
    private static boolean isTaken(KeyCopy copy, Response<String> answer) {
        try {
            return answer.get() != null;
        } catch (JedisDataException e) {
            String error = String.valueOf(e.getMessage());
            if (error.startsWith("BUSYKEY")) {
                return false;
            }
            if (error.contains("DUMP payload") || error.contains("Bad data format")) {
                throw new StateException(
                        Reason.INVALID,
                        "restoring " + Shown.text(copy.toString())
                                + ": Redis cannot read it: it comes from a newer Redis, or is damaged (" + error + ").",
                        e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        redis.close();
    }
}
