package ai.tatbot.state.bench.report;

import java.util.Locale;

/** Numbers for people: thousands separators, and no false precision. */
public final class Figures {
    private Figures() {}

    /** {@code 93.4 us}; a dash where it is not known. */
    public static String micros(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, value < 100 ? "%,.1f us" : "%,.0f us", value);
    }

    /** {@code 12.3 ns}. */
    public static String nanos(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%,.1f ns" : "%,.0f ns", value);
    }

    /** {@code 12,345/s}. */
    public static String perSecond(double value) {
        return String.format(Locale.ROOT, "%,.0f/s", value);
    }

    /** {@code 2,345 B}. */
    public static String bytes(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,.0f B", value);
    }

    /** {@code 1.23}. */
    public static String ratio(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }

    /** {@code 12.3 MB}. */
    public static String megabytes(double bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
