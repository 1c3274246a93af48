package ai.tatbot.state.bench.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.bench.gate.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgementTest {
    private static final Machine MACHINE = new Machine(2, "some processor", "some system", "Java 17", "Redis 7.0.15");
    private static final Map<Measure, Double> GOOD = Map.of(
            Measure.UPDATE_COMMANDS, 6.001,
            Measure.UPDATE_EVENTS, 1.0,
            Measure.UPDATE_BYTES, 1_500.0,
            Measure.ENCODE_TIME, 1.5,
            Measure.UPDATE_LATENCY, 1.2,
            Measure.CALLERS_THROUGHPUT, 0.95);

    @Test
    void whatWasTakenPasses() {
        Judgement judgement = judge(GOOD);
        assertThat(judgement.missed()).isEmpty();
        assertThat(judgement.lines()).hasSize(GOOD.size()).allMatch(line -> line.endsWith("kept"));
    }

    @Test
    void oneCommandMoreIsCaught() {
        assertMisses(Measure.UPDATE_COMMANDS, 7.001, "must be <= 6.051: missed by 0.950");
    }

    @Test
    void sixtyFourBytesMoreAreCaught() {
        assertMisses(Measure.UPDATE_BYTES, 1_564.0, "must be <= 1,532: missed by 32");
    }

    @Test
    void aCodecSlowerByThirtyPercentIsCaught() {
        assertMisses(Measure.ENCODE_TIME, 1.5 * 1.3, "must be <= 1.725: missed by 0.225 (13.0 %)");
    }

    @Test
    void anEventOfThousandsIsCaughtWhetherDroppedOrTold() {
        assertMisses(Measure.UPDATE_EVENTS, 0.9999, "must be = 1");
        assertMisses(Measure.UPDATE_EVENTS, 1.0001, "must be = 1");
    }

    @Test
    void throughputMustNotFall() {
        assertMisses(Measure.CALLERS_THROUGHPUT, 0.4, "must be >= 0.475");
    }

    @Test
    void aLimitThatWouldLetItBecomeAsBadAgainIsToBeTakenAnew() {
        assertThat(line(Measure.UPDATE_BYTES, 1_460.0)).endsWith("kept; was 1,500, take the limits anew (--take)");
        assertThat(line(Measure.UPDATE_COMMANDS, 5.0)).contains("anew");
        assertThat(line(Measure.ENCODE_TIME, 1.2)).contains("anew");
    }

    @Test
    void whatVariesIsNoReasonToTakeLimitsAnew() {
        assertThat(line(Measure.UPDATE_BYTES, 1_480.0)).endsWith("kept");
        assertThat(line(Measure.UPDATE_LATENCY, 0.5)).endsWith("kept");
        assertThat(line(Measure.CALLERS_THROUGHPUT, 2.0)).endsWith("kept");
    }

    @Test
    void takenAnewLimitsOnlyBecomeTighter() {
        Limits before = Limits.take(GOOD, MACHINE);
        Map<Measure, Double> busy = new EnumMap<>(GOOD);
        busy.put(Measure.UPDATE_BYTES, 1_400.0);
        busy.put(Measure.UPDATE_LATENCY, 9.0);
        busy.put(Measure.CALLERS_THROUGHPUT, 0.1);
        busy.put(Measure.UPDATE_EVENTS, 2.0);
        Limits after = Limits.take(busy, MACHINE).butNoLooserThan(before);
        assertThat(after.of(Measure.UPDATE_BYTES).orElseThrow().taken()).isEqualTo(1_400);
        assertThat(after.of(Measure.UPDATE_LATENCY)).isEqualTo(before.of(Measure.UPDATE_LATENCY));
        assertThat(after.of(Measure.CALLERS_THROUGHPUT)).isEqualTo(before.of(Measure.CALLERS_THROUGHPUT));
        assertThat(after.of(Measure.UPDATE_EVENTS).orElseThrow().limit()).isEqualTo(2);
    }

    private static String line(Measure measure, double value) {
        return new Judgement(List.of(measure), Map.of(measure, value), Limits.take(GOOD, MACHINE))
                .lines()
                .get(0);
    }

    @Test
    void whatWasNotMeasuredOrHasNoLimitIsAMiss() {
        Limits limits = Limits.take(GOOD, MACHINE);
        Map<Measure, Double> less = new EnumMap<>(GOOD);
        less.remove(Measure.UPDATE_EVENTS);
        Judgement unmeasured = new Judgement(GOOD.keySet(), less, limits);
        assertThat(unmeasured.missed()).containsExactly(Measure.UPDATE_EVENTS);
        assertThat(unmeasured.misses().get(0)).contains("update_events", "was not measured");
        Judgement unlimited = new Judgement(GOOD.keySet(), GOOD, Limits.take(less, MACHINE));
        assertThat(unlimited.missed()).containsExactly(Measure.UPDATE_EVENTS);
        assertThat(unlimited.misses().get(0)).contains("update_events", "has no limit");
    }

    @Test
    void whatIsNotANumberIsAMiss() {
        assertMisses(Measure.ENCODE_TIME, Double.NaN, "encode_time");
    }

    @Test
    void theFileSaysWhereEachLimitWasTaken(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("limits.json");
        Limits.take(GOOD, MACHINE).write(file);
        assertThat(Files.readString(file)).contains("2 x some processor", "Java 17", "Redis 7.0.15");
        assertThat(new Judgement(GOOD.keySet(), GOOD, Limits.read(file)).missed())
                .isEmpty();
        assertThat(Limits.read(file).of(Measure.UPDATE_COMMANDS).orElseThrow().limit())
                .isEqualTo(6.051);
    }

    @Test
    void aFileThatIsNoneSaysSo(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("limits.json"), "{\"limits\": [{\"measure\": \"speed\"}]}");
        assertThatThrownBy(() -> Limits.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("speed");
        Files.writeString(file, "{\"limits\": [{\"measure\": \"update_bytes\", \"limit\": \"much\"}]}");
        assertThatThrownBy(() -> Limits.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("limit");
        Files.writeString(file, "{");
        assertThatThrownBy(() -> Limits.read(file)).isInstanceOf(IOException.class);
    }

    private static void assertMisses(Measure measure, double value, String text) {
        Map<Measure, Double> values = new EnumMap<>(GOOD);
        values.put(measure, value);
        Judgement judgement = judge(values);
        assertThat(judgement.missed()).containsExactly(measure);
        assertThat(judgement.misses())
                .singleElement()
                .asString()
                .startsWith(measure.id())
                .contains(text);
    }

    private static Judgement judge(Map<Measure, Double> values) {
        return new Judgement(GOOD.keySet(), values, Limits.take(GOOD, MACHINE));
    }
}
