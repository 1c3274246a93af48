package ai.tatbot.state.bench;

import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Documents and events to JSON and back, without Redis.
 *
 * <p>Forks: 2. Warm-up: 3 x 1 s. Measurement: 5 x 1 s. Duration: about 2 minutes.
 *
 * <pre>ops/bench jmh CodecBenchmark -prof gc</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class CodecBenchmark {
    private static final List<Double> JOINTS = List.of(-0.4412, 1.3807, 1.1903, -1.3811, 0.0012, -0.0007, 0.0201);

    private final StrokeProgress progress =
            Example.session().nodeId("hog").strokeIdx(17).poseIdx(42).build();
    private final RobotState robot =
            RobotState.builder().nodeId("hog").jointsL(JOINTS).jointsR(JOINTS).build();
    private final byte[] progressJson = StateJson.write(progress);
    private final byte[] robotJson = StateJson.write(robot);
    private final byte[] eventJson = StateJson.write(ProgressUpdate.builder()
            .from(progress)
            .sessionId("stroke_hog_1755547777_abcdef")
            .rev(1_755_547_777_123_456L)
            .build());

    /** A position to bytes. */
    @Benchmark
    public byte[] encodeProgress() {
        return StateJson.write(progress);
    }

    /** A robot's state with fourteen joints to bytes. */
    @Benchmark
    public byte[] encodeRobot() {
        return StateJson.write(robot);
    }

    /** Bytes to a position, checked. */
    @Benchmark
    public StrokeProgress decodeProgress() {
        return StateJson.read(progressJson, StrokeProgress.JSON);
    }

    /** Bytes to a robot's state, checked. */
    @Benchmark
    public RobotState decodeRobot() {
        return StateJson.read(robotJson, RobotState.JSON);
    }

    /** What a watch does with a message. */
    @Benchmark
    public Object decodeEvent() {
        return Channels.STROKE_PROGRESS.read(eventJson);
    }
}
