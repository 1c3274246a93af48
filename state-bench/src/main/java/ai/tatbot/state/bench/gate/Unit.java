package ai.tatbot.state.bench.gate;

import java.util.Locale;

/** What a figure is counted in. */
enum Unit {
    MICROSECONDS("us", true),
    PER_SECOND("/s", false);

    private final String symbol;
    private final boolean lessIsBetter;

    Unit(String symbol, boolean lessIsBetter) {
        this.symbol = symbol;
        this.lessIsBetter = lessIsBetter;
    }

    String symbol() {
        return symbol;
    }

    boolean lessIsBetter() {
        return lessIsBetter;
    }

    /** Whether a value is on the good side of a limit. */
    boolean isWithin(double value, double limit) {
        return lessIsBetter ? value < limit : value > limit;
    }

    /** With thousands separators and without false precision: {@code 93.4 us}, {@code 12,345/s}. */
    String format(double value) {
        String number = String.format(Locale.ROOT, this == MICROSECONDS && value < 1000 ? "%,.1f" : "%,.0f", value);
        return this == MICROSECONDS ? number + " " + symbol : number + symbol;
    }

    /** A limit, with its direction: {@code < 1,000 us}. */
    String formatLimit(double limit) {
        String number = String.format(Locale.ROOT, limit == Math.rint(limit) ? "%,.0f" : "%,.1f", limit);
        return (lessIsBetter ? "< " : "> ") + number + (this == MICROSECONDS ? " " : "") + symbol;
    }
}
