package ai.tatbot.state.bench.suite;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param warmUps rounds that are thrown away
 * @param rounds rounds that are kept
 * @param slot time for one contestant in one round
 */
record SuiteForm(String name, int warmUps, int rounds, Duration slot) {
    /** For figures to be quoted. */
    static final SuiteForm FULL = new SuiteForm("full", 2, 9, Duration.ofMillis(700));

    /** To see that it works. */
    static final SuiteForm SHORT = new SuiteForm("short", 1, 3, Duration.ofMillis(250));

    boolean isFull() {
        return equals(FULL);
    }
}
