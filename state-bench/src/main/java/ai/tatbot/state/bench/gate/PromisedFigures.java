package ai.tatbot.state.bench.gate;

import ai.tatbot.state.bench.gate.Verdict.Outcome;
import ai.tatbot.state.bench.report.Goal;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The absolute figures that were promised, as {@code ops/bench gate} judges them, for the report of everything. */
public final class PromisedFigures {
    private static final Form LEAST = new Form("least", 1, 3, Duration.ofMillis(200));

    private PromisedFigures() {}

    /** @param quickly with a few rounds only */
    public static List<Goal> measure(boolean quickly) {
        Form form = quickly ? LEAST : Form.SHORT;
        Progress progress =
                new Progress(new PrintWriter(Writer.nullWriter()), Rounds.steps(form), false, System::nanoTime);
        return new Rounds(new JmhMeasurer(form.slot()), form, progress, Neighbours::stolenSeconds)
                .run().stream()
                        .filter(figure -> figure.target() != null)
                        .map(PromisedFigures::goal)
                        .toList();
    }

    private static Goal goal(Figure figure) {
        Target target = Objects.requireNonNull(figure.target());
        Verdict verdict = figure.verdict();
        return new Goal(
                figure.name(),
                figure.unit().formatLimit(target.limit()),
                figure.unit().format(figure.value())
                        + (verdict.outcome() == Outcome.NOT_JUDGED ? ", " + verdict.text() : ""),
                figure.yardstickName() + " " + figure.unit().format(figure.yardstick()),
                String.format(Locale.ROOT, "%.2f", figure.ratio()),
                verdict.outcome() == Outcome.NOT_JUDGED ? null : Boolean.valueOf(verdict.outcome() == Outcome.MET),
                false,
                "ops/bench gate");
    }
}
