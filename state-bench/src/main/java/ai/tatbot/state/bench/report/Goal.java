package ai.tatbot.state.bench.report;

import org.jspecify.annotations.Nullable;

/**
 * A figure that was promised.
 *
 * @param figure what, in a few words
 * @param promise what it must be
 * @param measured what it is
 * @param yardstick beside what, and what that is; empty where there is none
 * @param ratio of the two; empty where there is none
 * @param outcome null where it could not be measured
 * @param isStretch whether it is only to be reported how far it is
 * @param command measures it again
 */
public record Goal(
        String figure,
        String promise,
        String measured,
        String yardstick,
        String ratio,
        @Nullable Boolean outcome,
        boolean isStretch,
        String command) {
    /** One that was measured, or is beyond a doubt. */
    public static Goal of(
            String figure,
            String promise,
            String measured,
            String yardstick,
            String ratio,
            boolean met,
            String command) {
        return new Goal(figure, promise, measured, yardstick, ratio, met, false, command);
    }

    /** One that could not be measured here. */
    public static Goal notMeasured(String figure, String promise, String why, String command) {
        return new Goal(figure, promise, why, "", "", null, false, command);
    }

    /** The same, only to be reported. */
    public Goal asStretch() {
        return new Goal(figure, promise, measured, yardstick, ratio, outcome, true, command);
    }

    /** For people. */
    public String verdict() {
        Boolean met = outcome;
        if (met == null) {
            return "not measured";
        }
        return met ? "met" : isStretch ? "missed (stretch)" : "**missed**";
    }

    /** Whether it counts as a failure. */
    public boolean isMissed() {
        Boolean met = outcome;
        return met != null && !met && !isStretch;
    }
}
