package ai.tatbot.state.server.doctor;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a report.
 *
 * @param check name of the check, for programs
 * @param part where it stands
 * @param title name of the check, for people
 * @param verdict what it has come to
 * @param found what was found; why, if it was not checked
 * @param advice what to do next; null if there is nothing to do
 * @param figures what was measured, by name: numbers, texts, booleans, lists of texts
 * @param latencies what was measured of times; null if nothing was
 */
public record Finding(
        String check,
        Part part,
        String title,
        Verdict verdict,
        String found,
        @Nullable String advice,
        Map<String, Object> figures,
        @Nullable Latencies latencies) {}
