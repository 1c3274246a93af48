package ai.tatbot.state.client.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A watch that is broken on purpose is caught, or {@link ChaosIT} would prove nothing. */
class BrokenWatchIT {
    private static final int SCHEDULES = 20;

    @Test
    void aWatchThatDoesNotReadAgainAfterAnOutageIsCaught() throws Exception {
        assertThat(firstViolation(
                        "internal.WatchReader",
                        "if (!documents.readAll(of, cause)) {",
                        "if (!freshness.everSynced() && !documents.readAll(of, cause)) {"))
                .isNotEmpty();
    }

    @Test
    void aWatchThatDoesNotReadTheLogAfterAnOutageIsCaught() throws Exception {
        // It goes on from the end of the log, as if nothing had been missed.
        assertThat(
                        firstViolation(
                                "internal.TransitionFollower",
                                "boolean more = true;",
                                "boolean more = false; synchronized (lock) { cursor = end; catchingUp = false; published = null; }"))
                .isNotEmpty();
    }

    private static List<String> firstViolation(String type, String line, String change)
            throws IOException, ReflectiveOperationException {
        try (BrokenClient broken = BrokenClient.with(type, line, change)) {
            for (int seed = 1; seed <= SCHEDULES; seed++) {
                List<String> violations = broken.violations(seed);
                if (!violations.isEmpty()) {
                    System.out.println("caught by schedule " + seed + ": " + violations.get(0));
                    return violations;
                }
            }
            return List.of();
        }
    }
}
