package ai.tatbot.state.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern that a field must match, and the text that matched it last: the same node writes again and again, and a match costs more
 * than all else that is checked. Thread-safe.
 */
final class CheckedPattern {
    private final Pattern pattern;
    private volatile @Nullable String matched;

    CheckedPattern(String pattern) {
        this(Pattern.compile(pattern));
    }

    CheckedPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Whether this is the text that matched last. */
    boolean hasMatched(String text) {
        return text.equals(matched);
    }

    boolean matches(String text) {
        boolean matches = pattern.matcher(text).matches();
        if (matches) {
            matched = text;
        }
        return matches;
    }

    @Override
    public String toString() {
        return pattern.toString();
    }
}
