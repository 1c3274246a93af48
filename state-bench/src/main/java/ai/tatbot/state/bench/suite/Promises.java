package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.gate.PromisedFigures;

/** The absolute figures that were promised first: below a millisecond, above ten thousand a second. */
final class Promises {
    private Promises() {}

    static void run(Run run) {
        run.watching().next("JMH, in this process", 0, 1);
        PromisedFigures.measure(!run.form().isFull()).forEach(run.results()::add);
    }
}
