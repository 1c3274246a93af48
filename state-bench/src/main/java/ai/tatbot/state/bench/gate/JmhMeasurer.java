package ai.tatbot.state.bench.gate;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * By JMH, in this process. JMH itself runs one benchmark after another; in turn, for seconds at a time, they can only run in a
 * process that stays, for a fork would spend most of that time on its warm-up.
 */
final class JmhMeasurer implements Measurer {
    private final Duration slot;

    JmhMeasurer(Duration slot) {
        this.slot = slot;
        // Its lock keeps a second JMH off this machine; a gate that fails for that would be worse.
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Override
    public Latency latency(String method, int callers) {
        Statistics statistics = run(method, callers, Mode.SampleTime, TimeUnit.MICROSECONDS)
                .getPrimaryResult()
                .getStatistics();
        return new Latency(statistics.getPercentile(50), statistics.getPercentile(99));
    }

    @Override
    public double throughput(String method, int callers) {
        return run(method, callers, Mode.Throughput, TimeUnit.SECONDS)
                .getPrimaryResult()
                .getScore();
    }

    private RunResult run(String method, int callers, Mode mode, TimeUnit unit) {
        OptionsBuilder options = new OptionsBuilder();
        options.include("^" + Pattern.quote(method) + "$")
                .forks(0)
                .threads(callers)
                .mode(mode)
                .timeUnit(unit)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(Form.LEAD_IN.toMillis()))
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(slot.toMillis()))
                .timeout(TimeValue.minutes(1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        Collection<RunResult> results;
        try {
            results = new Runner(options.build()).run();
        } catch (RunnerException e) {
            throw new IllegalStateException(
                    method + ", " + callers + (callers == 1 ? " caller, " : " callers, ") + mode + ": "
                            + e.getMessage(),
                    e);
        }
        if (results.size() != 1) {
            throw new IllegalStateException(method + ": expected one result, got " + results.size());
        }
        return results.iterator().next();
    }
}
