package ai.tatbot.state.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A check that hangs is given up, and ends nothing but what needs Redis. */
class BoundedTimeTest {
    @Test
    void aCheckThatHangs() {
        CountDownLatch never = new CountDownLatch(1);
        Check hanging = new Check(Part.CONNECTION, "hanging") {
            @Override
            Result examine(Examination examination) throws InterruptedException {
                never.await();
                return Result.ok("never");
            }
        };
        Check needsRedis = new Check(Part.REDIS, "needs redis") {
            @Override
            Result examine(Examination examination) {
                examination.redis();
                return Result.ok("never");
            }
        };
        Check needsNothing = new Check(Part.REDIS, "needs nothing") {
            @Override
            Result examine(Examination examination) {
                return Result.ok("done");
            }
        };
        Patient patient =
                new Patient(StateOptions::builder, true, Map.of(), List.of(), null, false, InstantSource.system());
        Report report = Doctor.examine(patient, List.of(hanging, needsRedis, needsNothing), Duration.ofMillis(50));
        assertThat(report.findings())
                .extracting(Finding::verdict)
                .containsExactly(Verdict.FAIL, Verdict.NOT_CHECKED, Verdict.OK);
        assertThat(report.unreachable()).isTrue();
        assertThat(report.took()).isLessThan(Duration.ofSeconds(5));
        never.countDown();
    }
}
