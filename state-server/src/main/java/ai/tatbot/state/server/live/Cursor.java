package ai.tatbot.state.server.live;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a reader of a {@link ChangeFeed} has come.
 *
 * @param sequence number of the last entry that it has read
 * @param transitions how many transitions there were up to it
 * @param logId id of the last of them that is in {@code events:log}; {@code 0-0} if there was none
 */
public record Cursor(long sequence, long transitions, String logId) {
    /** Before everything. */
    static final String NO_LOG_ID = "0-0";

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})\\.([0-9]{1,18})\\.([0-9]{1,20}-[0-9]{1,20})");

    /** As it goes to a client and comes back from it. */
    public String text() {
        return sequence + "." + transitions + "." + logId;
    }

    /** The cursor in this text; empty if it is none. */
    public static Optional<Cursor> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            String logId = matcher.group(3);
            for (String part : logId.split("-", -1)) {
                Long.parseUnsignedLong(part);
            }
            return Optional.of(new Cursor(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), logId));
        } catch (NumberFormatException e) {
            // More than Redis can count to: from somewhere else.
            return Optional.empty();
        }
    }
}
