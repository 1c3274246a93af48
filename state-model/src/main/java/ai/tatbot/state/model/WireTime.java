package ai.tatbot.state.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;

/**
 * Times as they are on the wire: ISO-8601, UTC, microseconds.
 *
 * <p>Written with {@code Z}. Read with or without an offset: older nodes write none and mean UTC.
 */
public final class WireTime {
    private static final DateTimeFormatter READ = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .toFormatter(java.util.Locale.ROOT)
            .withResolverStyle(java.time.format.ResolverStyle.STRICT);

    private static final DateTimeFormatter WRITE = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", java.util.Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private WireTime() {}

    /** The current time, to the microsecond. */
    public static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    /** Writes a time with six decimals and {@code Z}; finer parts are cut off. */
    public static String format(Instant time) {
        return WRITE.format(time);
    }

    /**
     * Reads a time, cut to microseconds.
     *
     * @throws InvalidValueException if the text is not a time of this form
     */
    public static Instant parse(String text) {
        try {
            TemporalAccessor parsed = READ.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            Instant time = parsed instanceof OffsetDateTime withOffset
                    ? withOffset.toInstant()
                    : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC);
            return time.truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException e) {
            throw new InvalidValueException(
                    "expected a time such as 2025-08-18T20:09:37.123456Z, found " + Shown.text(text), e);
        }
    }
}
