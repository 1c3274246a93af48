package ai.tatbot.state.server.http.events;

/** Ids of a Redis stream, {@code milliseconds-number}. */
final class LogIds {
    private LogIds() {}

    /** As {@link Comparable#compareTo}. */
    static int compare(String one, String other) {
        int dashOne = one.indexOf('-');
        int dashOther = other.indexOf('-');
        int time = Long.compareUnsigned(
                Long.parseUnsignedLong(one.substring(0, dashOne)),
                Long.parseUnsignedLong(other.substring(0, dashOther)));
        return time != 0
                ? time
                : Long.compareUnsigned(
                        Long.parseUnsignedLong(one.substring(dashOne + 1)),
                        Long.parseUnsignedLong(other.substring(dashOther + 1)));
    }
}
