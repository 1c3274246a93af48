package ai.tatbot.state.bench.gate;

import ai.tatbot.state.bench.gate.Measurer.Latency;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Many short rounds, each of everything: a benchmark and its yardstick follow one another within a second or two, and change
 * places with every round, so that what disturbs the machine disturbs both.
 *
 * <p>A host may take a core away from its virtual machine, for milliseconds at a time; the tail is then the host's. Where it
 * took more than a few percent of a core, a measurement and its yardstick are made again, as long as no more than half of a
 * run is repeated; what is disturbed after that is kept, and counted.
 */
final class Rounds {
    private static final double STOLEN_AT_MOST = 0.03;

    private final Measurer measurer;
    private final Form form;
    private final Progress progress;
    private final DoubleSupplier stolenSeconds;
    private int repeats;

    /** @param stolenSeconds see {@link Neighbours#stolenSeconds()} */
    Rounds(Measurer measurer, Form form, Progress progress, DoubleSupplier stolenSeconds) {
        this.measurer = measurer;
        this.form = form;
        this.progress = progress;
        this.stolenSeconds = stolenSeconds;
        this.repeats = steps(form) / 4;
    }

    static int steps(Form form) {
        return (form.warmUpRounds() + form.rounds()) * Workload.values().length * 4;
    }

    List<Figure> run() {
        List<Measured> all = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            all.add(new Measured(workload, new Series(), new Series()));
        }
        for (int round = -form.warmUpRounds(); round < form.rounds(); round++) {
            for (Measured measured : all) {
                round(measured, round % 2 != 0, round >= 0);
            }
        }
        progress.done();
        return all.stream()
                .flatMap(measured -> measured.workload.figures(measured.ours, measured.bare).stream())
                .toList();
    }

    private void round(Measured measured, boolean bareFirst, boolean keep) {
        Workload workload = measured.workload;
        int callers = workload.callers();
        Both<Latency> latency = both(bareFirst, keep, bare -> measurer.latency(workload.method(bare), callers));
        Both<Double> throughput = both(bareFirst, keep, bare -> measurer.throughput(workload.method(bare), callers));
        if (keep) {
            measured.ours.add(latency.ours, latency.disturbed, throughput.ours, throughput.disturbed);
            measured.bare.add(latency.bare, latency.disturbed, throughput.bare, throughput.disturbed);
        }
    }

    private <T> Both<T> both(boolean bareFirst, boolean keep, Function<Boolean, T> measurement) {
        while (true) {
            double before = stolenSeconds.getAsDouble();
            T first = measurement.apply(bareFirst);
            T second = measurement.apply(!bareFirst);
            boolean disturbed = stolenSeconds.getAsDouble() - before
                    > STOLEN_AT_MOST * 2 * form.slot().toMillis() / 1e3;
            if (disturbed && keep && repeats > 0) {
                repeats--;
                continue;
            }
            progress.step();
            progress.step();
            return bareFirst ? new Both<>(second, first, disturbed) : new Both<>(first, second, disturbed);
        }
    }

    private record Both<T>(T ours, T bare, boolean disturbed) {}

    private record Measured(Workload workload, Series ours, Series bare) {}
}
