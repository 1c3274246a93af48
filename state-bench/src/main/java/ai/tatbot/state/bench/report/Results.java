package ai.tatbot.state.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the sections found, in their order. For one thread. */
public final class Results {
    private final List<Goal> goals = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>();
    private final List<Curve> curves = new ArrayList<>();
    private final Map<String, Map<String, List<Double>>> rounds = new LinkedHashMap<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private boolean hasFailed;

    /** A promise, kept or not. */
    public void add(Goal goal) {
        goals.add(goal);
    }

    /** A table. */
    public void add(Table table) {
        tables.add(table);
    }

    /** A curve. */
    public void add(Curve curve) {
        curves.add(curve);
    }

    /** Every round's value of a figure, by contestant; for programs. */
    public void add(String figure, Map<String, List<Double>> values) {
        rounds.put(figure, values);
    }

    /** Something that could not be measured, and why. */
    public void miss(String what, String why) {
        missing.put(what, why);
    }

    /** Something that went wrong, and how. */
    public void fail(String what, String how) {
        miss(what, "failed: " + how);
        hasFailed = true;
    }

    boolean hasFailed() {
        return hasFailed;
    }

    /** Promises. */
    public List<Goal> goals() {
        return goals;
    }

    List<Table> tables() {
        return tables;
    }

    /** Curves. */
    public List<Curve> curves() {
        return curves;
    }

    Map<String, Map<String, List<Double>>> rounds() {
        return rounds;
    }

    Map<String, String> missing() {
        return missing;
    }
}
