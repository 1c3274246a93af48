package ai.tatbot.state.bench;

import ai.tatbot.state.bench.peers.Batch;
import ai.tatbot.state.bench.suite.Codec;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
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
 * One document of ordinary size to bytes and back, beside the same by hand with Jackson's streams alone.
 *
 * <p>Forks: 5, because inlining differs from one to the next. Warm-up: 3 x 1 s. Measurement: 3 x 1 s. Duration: 2 minutes.
 *
 * <pre>ops/bench jmh CodecBenchmark -prof gc</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(5)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Benchmark)
public class CodecBenchmark {
    private final StrokeProgress progress = Example.session()
            .nodeId("hog")
            .timestamp(WireTime.now())
            .strokeIdx(17)
            .poseIdx(54)
            .isExecuting(true)
            .build();
    private final byte[] json = StateJson.write(progress);
    private final Batch.Loop encodeByHand = Codec.encodeByHand(progress);
    private final Batch.Loop decodeByHand = Codec.decodeByHand(json);

    /** Object to bytes. */
    @Benchmark
    public byte[] encode() {
        return StateJson.write(progress);
    }

    /** The same bytes, field by field. */
    @Benchmark
    public long encodeByHand() {
        return encodeByHand.run(1);
    }

    /** Bytes to object, checked. */
    @Benchmark
    public StrokeProgress decode() {
        return StateJson.read(json, StrokeProgress.JSON);
    }

    /** Every value taken, unchecked. */
    @Benchmark
    public long decodeByHand() {
        return decodeByHand.run(1);
    }
}
