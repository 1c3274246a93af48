package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.WireTime;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the fleet was last told of a node's coming and going, as it is stored; empty texts for what is not there.
 *
 * @param since Redis' time of that turn
 * @param seen Redis' time of the last heartbeat in milliseconds, as text: it is compared, and read as a number
 */
record NodeLiveness(
        String condition,
        @Nullable Instant since,
        String instance,
        String lastHeartbeat,
        String seen,
        String interval) {
    static final String ONLINE = "online";
    static final String OFFLINE = "offline";
    static final String SILENT = "silent";

    private static final String CONDITION_FIELD = "condition";
    private static final String SINCE_FIELD = "since";
    private static final String LAST_HEARTBEAT_FIELD = "last_heartbeat";

    static byte[][] fields() {
        return new byte[][] {
            bytes(CONDITION_FIELD),
            bytes(SINCE_FIELD),
            bytes("instance"),
            bytes(LAST_HEARTBEAT_FIELD),
            bytes("seen"),
            bytes("interval")
        };
    }

    /** @param values of {@link #fields()}, in that order; null for what is not there */
    static NodeLiveness decode(List<byte @Nullable []> values) {
        return new NodeLiveness(
                value(values, 0),
                since(value(values, 1)),
                value(values, 2),
                value(values, 3),
                value(values, 4),
                value(values, 5));
    }

    boolean is(String wanted) {
        return condition.equals(wanted);
    }

    /** Whether the fleet knows nothing of the node. */
    boolean isUnknown() {
        return condition.isEmpty();
    }

    /** Whether an older node is meant, which need not send a second heartbeat. */
    boolean isOfOlderNode() {
        return instance.isEmpty();
    }

    boolean isSpokenForBy(String process) {
        return is(ONLINE) && instance.equals(process);
    }

    /** Redis' time of the last heartbeat in milliseconds; 0 if there was none. */
    long seenMillis() {
        return number(seen);
    }

    /** Time between two heartbeats in milliseconds; 0 if that is not known. */
    long intervalMillis() {
        return number(interval);
    }

    @Nullable
    Instant lastHeartbeatTime() {
        return time(lastHeartbeat);
    }

    private static @Nullable Instant since(String millis) {
        long since = number(millis);
        return since == 0 ? null : Instant.ofEpochMilli(since);
    }

    private static @Nullable Instant time(String text) {
        try {
            return text.isEmpty() ? null : WireTime.parse(text);
        } catch (InvalidValueException e) {
            // Someone wrote it by hand; the turn is worth telling without it.
            return null;
        }
    }

    private static String value(List<byte @Nullable []> values, int index) {
        byte[] value = values.get(index);
        return value == null ? "" : text(value);
    }

    private static long number(String text) {
        try {
            return text.isEmpty() ? 0 : Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            // As lastHeartbeatTime()
            return 0;
        }
    }

    /**
     * The part of it that a status needs: it is read of every node, and each field that is not saves Redis a twentieth of that.
     *
     * @param condition the last one told; empty if the fleet knows nothing of the node
     * @param since as above
     * @param lastHeartbeat as above
     */
    record Turn(String condition, @Nullable Instant since, String lastHeartbeat) {
        static final HashFields FIELDS =
                new HashFields(bytes(CONDITION_FIELD), bytes(SINCE_FIELD), bytes(LAST_HEARTBEAT_FIELD));
        static final Turn UNKNOWN = new Turn("", null, "");

        /** @param values of {@link #FIELDS} */
        static Turn decode(List<byte @Nullable []> values) {
            return new Turn(value(values, 0), NodeLiveness.since(value(values, 1)), value(values, 2));
        }

        boolean is(String wanted) {
            return condition.equals(wanted);
        }

        /** Whether the fleet knows nothing of the node. */
        boolean isUnknown() {
            return condition.isEmpty();
        }

        @Nullable
        Instant lastHeartbeatTime() {
            return time(lastHeartbeat);
        }
    }
}
