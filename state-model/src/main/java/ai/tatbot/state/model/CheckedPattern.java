package ai.tatbot.state.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern that a field must match, and the text that matched it last: the same node writes again and again, and a match costs more
 * than all else that is checked. Thread-safe.
 */
final class CheckedPattern {
    /** The form of the schema's ids, of which a status checks thousands: a loop does that without a matcher for each. */
    private static final Pattern ID = Pattern.compile(Pattern.quote("[A-Za-z0-9][A-Za-z0-9_.-]{0,") + "([0-9]+)}");

    private final Pattern pattern;

    /** How long an id may be; 0 if the pattern has another form. */
    private final int longestId;

    private volatile @Nullable String matched;

    CheckedPattern(String pattern) {
        this(Pattern.compile(pattern));
    }

    CheckedPattern(Pattern pattern) {
        this.pattern = pattern;
        Matcher id = ID.matcher(pattern.pattern());
        this.longestId = id.matches() ? 1 + Integer.parseInt(id.group(1)) : 0;
    }

    /** Whether this is the text that matched last. */
    boolean hasMatched(String text) {
        return text.equals(matched);
    }

    boolean matches(String text) {
        boolean matches = longestId > 0 ? isId(text) : pattern.matcher(text).matches();
        if (matches) {
            matched = text;
        }
        return matches;
    }

    private boolean isId(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && (i == 0 || (c != '_' && c != '.' && c != '-'))) {
                return false;
            }
        }
        return length > 0 && length <= longestId;
    }

    @Override
    public String toString() {
        return pattern.toString();
    }
}
