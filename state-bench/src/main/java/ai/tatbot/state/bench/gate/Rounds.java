package ai.tatbot.state.bench.gate;

import ai.tatbot.state.bench.gate.Measurer.Latency;
import java.util.ArrayList;
import java.util.List;

/**
 * Many short rounds, each of everything: a benchmark and its yardstick follow one another within a second or two, and change
 * places with every round, so that what disturbs the machine disturbs both.
 */
final class Rounds {
    private final Measurer measurer;
    private final Form form;
    private final Progress progress;

    Rounds(Measurer measurer, Form form, Progress progress) {
        this.measurer = measurer;
        this.form = form;
        this.progress = progress;
    }

    static int steps(Form form) {
        return (form.warmUpRounds() + form.rounds()) * Workload.values().length * 4;
    }

    List<Figure> run() {
        List<Pair> pairs = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            pairs.add(new Pair(workload, new Series(), new Series()));
        }
        for (int round = -form.warmUpRounds(); round < form.rounds(); round++) {
            boolean bareFirst = round % 2 != 0;
            for (Pair pair : pairs) {
                for (boolean latency : new boolean[] {true, false}) {
                    measure(pair, latency, bareFirst, round >= 0);
                    measure(pair, latency, !bareFirst, round >= 0);
                }
            }
        }
        progress.done();
        return pairs.stream()
                .flatMap(pair -> pair.workload.figures(pair.ours, pair.bare).stream())
                .toList();
    }

    private void measure(Pair pair, boolean latency, boolean bare, boolean keep) {
        String method = pair.workload.method(bare);
        Series series = bare ? pair.bare : pair.ours;
        if (latency) {
            Latency measured = measurer.latency(method, pair.workload.callers());
            if (keep) {
                series.medians().add(measured.median());
                series.p99s().add(measured.p99());
            }
        } else {
            double measured = measurer.throughput(method, pair.workload.callers());
            if (keep) {
                series.throughputs().add(measured);
            }
        }
        progress.step();
    }

    private record Pair(Workload workload, Series ours, Series bare) {}
}
