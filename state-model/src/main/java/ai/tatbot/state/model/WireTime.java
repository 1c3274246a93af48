package ai.tatbot.state.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Times as they are on the wire: ISO-8601, UTC, microseconds.
 *
 * <p>Written with {@code Z}. Read with or without an offset: older nodes write none and mean UTC.
 */
public final class WireTime {
    private static final DateTimeFormatter READ = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR, 4)
            .appendPattern("-MM-dd'T'HH:mm:ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private static final DateTimeFormatter WRITE = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    // Years have four digits on the wire.
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private WireTime() {}

    /** The current time, to the microsecond. */
    public static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * Writes a time with six decimals and {@code Z}; finer parts are cut off.
     *
     * @throws InvalidValueException if the time lies outside the years 0 to 9999
     */
    public static String format(Instant time) {
        return WRITE.format(micros(time));
    }

    /** The time cut to microseconds, if it can be written. */
    static Instant micros(Instant time) {
        if (time.isBefore(FIRST) || !time.isBefore(END)) {
            throw new InvalidValueException("expected a time in the years 0 to 9999, found " + time);
        }
        return time.truncatedTo(ChronoUnit.MICROS);
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
            return micros(time);
        } catch (DateTimeException e) {
            // Without the cause, whose message has the text as it came.
            throw new InvalidValueException(
                    "expected a time such as 2025-08-18T20:09:37.123456Z, found " + Shown.text(text));
        }
    }
}
