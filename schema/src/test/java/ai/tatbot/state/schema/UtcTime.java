package ai.tatbot.state.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.format.Format;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The format {@code utc-time}: an instant that exists in the calendar, with an offset or, meaning UTC, without. */
final class UtcTime implements Format {
    private static final int SECONDS_END = "2025-08-18T20:09:37".length();

    @Override
    public String getName() {
        return "utc-time";
    }

    @Override
    public String getMessageKey() {
        return "format";
    }

    @Override
    public boolean matches(ExecutionContext context, String text) {
        return isValid(text);
    }

    static boolean isValid(String text) {
        if (text.length() < SECONDS_END) {
            return false;
        }
        int end = SECONDS_END;
        while (end < text.length() && "Z+-".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        try {
            LocalDateTime.parse(text.substring(0, end));
            if (end < text.length()) {
                ZoneOffset.of(text.substring(end));
            }
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
