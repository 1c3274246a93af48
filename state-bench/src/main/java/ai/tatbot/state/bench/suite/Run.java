package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.peers.Contestant;
import ai.tatbot.state.bench.peers.Peers;
import ai.tatbot.state.bench.peers.Sample;
import ai.tatbot.state.bench.report.Figures;
import ai.tatbot.state.bench.report.Results;
import ai.tatbot.state.bench.report.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a section has to work with.
 *
 * @param name of the section, by which it is run alone
 */
record Run(String name, Peers peers, SuiteForm form, Results results, Contest.Watching watching) {
    /** The command that measures this section again. */
    String command() {
        return "ops/bench --only " + name;
    }

    Standings contest(List<Contestant> contestants) throws Exception {
        return contest(contestants, form.slot());
    }

    Standings contest(List<Contestant> contestants, Duration slot) throws Exception {
        return new Contest(form.warmUps(), form.rounds(), slot, watching).run(contestants);
    }

    /** A contest of calls, as a table; the first is ours, and is compared with each of the others. */
    void latencies(String title, Standings standings, String note) {
        String ours = standings.names().iterator().next();
        List<List<String>> rows = new ArrayList<>();
        for (String one : standings.names()) {
            rows.add(List.of(
                    one,
                    Figures.micros(standings.median(one, Sample::p50)),
                    Figures.micros(standings.median(one, Sample::p99)),
                    Figures.perSecond(standings.median(one, Sample::perSecond)),
                    Figures.bytes(standings.median(one, Sample::bytes)),
                    Figures.ratio(standings.ratio(ours, one, Sample::p50))));
        }
        results.add(new Table(
                title,
                command(),
                List.of("", "p50", "p99", "throughput", "allocated", "ours / this, p50"),
                rows,
                note));
        keep(title + ", p50 us", standings, Sample::p50);
        keep(title + ", p99 us", standings, Sample::p99);
    }

    /** A contest of throughput, as a table. */
    void throughputs(String title, Standings standings, String note) {
        String ours = standings.names().iterator().next();
        List<List<String>> rows = new ArrayList<>();
        for (String one : standings.names()) {
            rows.add(List.of(
                    one,
                    Figures.perSecond(standings.median(one, Sample::perSecond)),
                    Figures.ratio(standings.ratio(ours, one, Sample::perSecond))));
        }
        results.add(new Table(title, command(), List.of("", "stored a second", ours + " / this"), rows, note));
        keep(title + ", a second", standings, Sample::perSecond);
    }

    /** A contest of what takes nanoseconds, as a table. */
    void nanos(String title, Standings standings, String note) {
        List<List<String>> rows = new ArrayList<>();
        for (String one : standings.names()) {
            rows.add(List.of(
                    one,
                    Figures.nanos(standings.median(one, Sample::nanos)),
                    Figures.bytes(standings.median(one, Sample::bytes))));
        }
        results.add(new Table(title, command(), List.of("", "time", "allocated"), rows, note));
        keep(title + ", ns", standings, Sample::nanos);
    }

    /** Every round, for the JSON file. */
    void keep(String figure, Standings standings, ToDoubleFunction<Sample> of) {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        standings.names().forEach(one -> values.put(one, standings.values(one, of)));
        results.add(figure, values);
    }
}
