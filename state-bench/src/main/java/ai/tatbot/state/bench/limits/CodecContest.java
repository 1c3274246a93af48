package ai.tatbot.state.bench.limits;

import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.peers.Sample;
import ai.tatbot.state.bench.suite.Codec;
import ai.tatbot.state.bench.suite.Contest;
import ai.tatbot.state.bench.suite.Standings;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The codec beside its yardstick, in turn many times a second. */
final class CodecContest {
    private static final int WARM_UPS = 10;
    private static final int ROUNDS = 25;
    private static final Duration SLOT = Duration.ofMillis(15);

    private final Fault fault;
    private @Nullable Standings standings;

    CodecContest(Fault fault) {
        this.fault = fault;
    }

    void run() throws Exception {
        StrokeProgress progress = Example.session()
                .nodeId("hog")
                .timestamp(WireTime.now())
                .strokeIdx(17)
                .poseIdx(54)
                .isExecuting(true)
                .build();
        byte[] json = StateJson.write(progress);
        standings = new Contest(WARM_UPS, ROUNDS, SLOT, (name, round, rounds) -> {})
                .run(List.of(
                        Codec.batch(Codec.ENCODE, fault.codec(Codec.encode(progress))),
                        Codec.batch(Codec.ENCODE_BY_HAND, Codec.encodeByHand(progress)),
                        Codec.batch(Codec.DECODE, fault.codec(Codec.decode(json))),
                        Codec.batch(Codec.DECODE_BY_HAND, Codec.decodeByHand(json))));
    }

    void into(Map<Measure, Double> values) {
        values.put(Measure.ENCODE_TIME, ratio(Codec.ENCODE, Codec.ENCODE_BY_HAND));
        values.put(Measure.DECODE_TIME, ratio(Codec.DECODE, Codec.DECODE_BY_HAND));
        values.put(Measure.ENCODE_BYTES, bytes(Codec.ENCODE));
        values.put(Measure.DECODE_BYTES, bytes(Codec.DECODE));
    }

    private double ratio(String ours, String yardstick) {
        return Objects.requireNonNull(standings).ratio(ours, yardstick, Sample::nanos);
    }

    private double bytes(String name) {
        return Objects.requireNonNull(standings).least(name, Sample::bytes);
    }
}
