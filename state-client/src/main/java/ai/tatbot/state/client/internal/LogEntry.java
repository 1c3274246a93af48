package ai.tatbot.state.client.internal;

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
        int first = compareNumbers(one.substring(0, dash(one)), other.substring(0, dash(other)));
        return first != 0 ? first : compareNumbers(one.substring(dash(one) + 1), other.substring(dash(other) + 1));
    }

    /** Decimal numbers of any length, without leading zeros. */
    private static int compareNumbers(String one, String other) {
        return one.length() != other.length() ? one.length() - other.length() : one.compareTo(other);
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
