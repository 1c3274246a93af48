package ai.tatbot.state.model;

import java.nio.charset.StandardCharsets;
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
import org.jspecify.annotations.Nullable;

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

    /** Of a time as it is written: {@code 2025-08-18T20:09:37.123456Z}. */
    static final int LENGTH = 27;

    private static final int SECONDS_OF_DAY = 86_400;
    private static final int DAYS_OF_ERA = 146_097;

    /** From the first of March of the year 0 to the first of January 1970: an era of 400 years begins with its March. */
    private static final int DAYS_TO_EPOCH = 719_468;

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
        return new String(bytes(time), StandardCharsets.ISO_8859_1);
    }

    /** As {@link #format}, in UTF-8. */
    public static byte[] bytes(Instant time) {
        byte[] text = new byte[LENGTH];
        write(micros(time), text, 0);
        return text;
    }

    /** Writes a time that {@link #micros} has let through, without a text in between. */
    static void write(Instant time, byte[] into, int at) {
        long second = time.getEpochSecond();
        int ofDay = (int) Math.floorMod(second, (long) SECONDS_OF_DAY);
        // Hinnant's civil_from_days: years begin in March here, so that the odd day comes last.
        int day = (int) Math.floorDiv(second, (long) SECONDS_OF_DAY) + DAYS_TO_EPOCH;
        int era = Math.floorDiv(day, DAYS_OF_ERA);
        int ofEra = day - era * DAYS_OF_ERA;
        int yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365;
        int ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int march = (5 * ofYear + 2) / 153;
        int month = march < 10 ? march + 3 : march - 9;
        int year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        two(year / 100, into, at);
        two(year % 100, into, at + 2);
        into[at + 4] = '-';
        two(month, into, at + 5);
        into[at + 7] = '-';
        two(ofYear - (153 * march + 2) / 5 + 1, into, at + 8);
        into[at + 10] = 'T';
        two(ofDay / 3_600, into, at + 11);
        into[at + 13] = ':';
        two(ofDay / 60 % 60, into, at + 14);
        into[at + 16] = ':';
        two(ofDay % 60, into, at + 17);
        into[at + 19] = '.';
        int micros = time.getNano() / 1_000;
        two(micros / 10_000, into, at + 20);
        two(micros / 100 % 100, into, at + 22);
        two(micros % 100, into, at + 24);
        into[at + 26] = 'Z';
    }

    private static void two(int number, byte[] into, int at) {
        into[at] = (byte) ('0' + number / 10);
        into[at + 1] = (byte) ('0' + number % 10);
    }

    /** The time as writers write it, with or without {@code Z}; null for every other form, be it a time or not. */
    static @Nullable Instant scan(byte[] text, int from, int to) {
        int length = to - from;
        if (length < 19
                || text[from + 4] != '-'
                || text[from + 7] != '-'
                || text[from + 10] != 'T'
                || text[from + 13] != ':'
                || text[from + 16] != ':') {
            return null;
        }
        int year = number(text, from, 4);
        int month = number(text, from + 5, 2);
        int day = number(text, from + 8, 2);
        int hour = number(text, from + 11, 2);
        int minute = number(text, from + 14, 2);
        int second = number(text, from + 17, 2);
        int last = text[to - 1] == 'Z' ? to - 1 : to;
        int micros = 0;
        if (last > from + 19) {
            int decimals = last - from - 20;
            if (text[from + 19] != '.' || decimals != 6) {
                return null;
            }
            micros = number(text, from + 20, 6);
        }
        boolean plain = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
        if (!plain || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || micros < 0) {
            return null;
        }
        int marchYear = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(marchYear, 400);
        int yearOfEra = marchYear - era * 400;
        int march = month > 2 ? month - 3 : month + 9;
        int ofEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + (153 * march + 2) / 5 + day - 1;
        long days = (long) era * DAYS_OF_ERA + ofEra - DAYS_TO_EPOCH;
        return Instant.ofEpochSecond(days * SECONDS_OF_DAY + hour * 3_600L + minute * 60L + second, micros * 1_000L);
    }

    private static int daysIn(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** A number of so many digits, or a negative one if there are others. */
    private static int number(byte[] text, int from, int count) {
        int number = 0;
        for (int i = from; i < from + count; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
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
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Instant plain = scan(bytes, 0, bytes.length);
        if (plain != null) {
            return plain;
        }
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
