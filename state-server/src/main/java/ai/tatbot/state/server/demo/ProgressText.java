package ai.tatbot.state.server.demo;

import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.server.show.Text;
import org.jspecify.annotations.Nullable;

/** A position in words. */
final class ProgressText {
    private ProgressText() {}

    /** In one line. */
    static String line(StrokeProgress progress) {
        return "stroke " + of(progress.strokeIdx(), progress.totalStrokes()) + ", pose "
                + of(progress.poseIdx(), progress.strokeLength()) + "  " + safe(progress.strokeDescriptionL()) + " | "
                + safe(progress.strokeDescriptionR());
    }

    /** People count from 1. */
    static String of(int index, @Nullable Integer total) {
        return (index + 1) + (total == null ? "" : " of " + total);
    }

    static String safe(@Nullable String text) {
        return text == null ? "" : Text.safe(text, 40);
    }

    /** How much of the whole session is done, 0 to 1. */
    static double sessionFraction(StrokeProgress progress) {
        int strokes = atLeastOne(progress.totalStrokes());
        return (progress.strokeIdx() + strokeFraction(progress)) / strokes;
    }

    /** How much of the stroke is done, 0 to 1. */
    static double strokeFraction(StrokeProgress progress) {
        return (progress.poseIdx() + 1.0) / atLeastOne(progress.strokeLength());
    }

    private static int atLeastOne(@Nullable Integer value) {
        return value == null ? 1 : Math.max(1, value);
    }
}
