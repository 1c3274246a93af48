package ai.tatbot.state.client.internal;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code events:log}.
 *
 * @param seq its running number; 0 if it has none, because someone else than our scripts wrote it
 * @param seqLost last number that its writer was given in a log before this one; 0 if none was lost
 * @param channel channel that it was published on
 * @param event JSON as published, but for the id and the numbers
 */
record LogEntry(String id, long seq, long seqLost, String channel, String event) {

    /** The event as it was published: the log keeps its id and numbers beside it. */
    byte[] published() {
        if (!event.startsWith("{")) {
            return Namespace.bytes(event);
        }
        String head = "{\"event_id\":\"" + id + "\""
                + (seq > 0 ? ",\"seq\":" + seq : "")
                + (seqLost > 0 ? ",\"seq_lost\":" + seqLost : "");
        return Namespace.bytes(head + (event.startsWith("{}") ? "" : ",") + event.substring(1));
    }

    /** Which of two ids is the later one: positive if it is the first. Ids are two numbers of up to 64 bits without sign. */
    static int compare(String one, String other) {
        int length = dash(one) - dash(other);
        if (length == 0) {
            length = Long.compareUnsigned(
                    Long.parseUnsignedLong(one, 0, dash(one), 10), Long.parseUnsignedLong(other, 0, dash(other), 10));
        }
        return length != 0
                ? length
                : new BigInteger(one.substring(dash(one) + 1))
                        .compareTo(new BigInteger(other.substring(dash(other) + 1)));
    }

    private static int dash(String id) {
        return id.indexOf('-');
    }

    static long number(@Nullable String text) {
        try {
            return text == null ? 0 : Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
