package ai.tatbot.state.server.doctor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a check has found. Immutable. */
final class Result {
    private static final Result NONE = new Result(Verdict.NOT_CHECKED, "", null, Map.of(), null);

    private final Verdict verdict;
    private final String found;
    private final @Nullable String advice;
    private final Map<String, Object> figures;
    private final @Nullable Latencies latencies;

    private Result(
            Verdict verdict,
            String found,
            @Nullable String advice,
            Map<String, Object> figures,
            @Nullable Latencies latencies) {
        this.verdict = verdict;
        this.found = found;
        this.advice = advice;
        this.figures = figures;
        this.latencies = latencies;
    }

    static Result ok(String found) {
        return new Result(Verdict.OK, found, null, Map.of(), null);
    }

    static Result warn(String found, String advice) {
        return new Result(Verdict.WARN, found, advice, Map.of(), null);
    }

    static Result fail(String found, String advice) {
        return new Result(Verdict.FAIL, found, advice, Map.of(), null);
    }

    static Result notChecked(String why) {
        return new Result(Verdict.NOT_CHECKED, why, null, Map.of(), null);
    }

    /** For a check that does not concern this system: no line. */
    static Result none() {
        return NONE;
    }

    boolean isNone() {
        return this == NONE;
    }

    /** The same with a figure for programs. */
    Result with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(figures);
        more.put(name, value);
        return new Result(verdict, found, advice, Collections.unmodifiableMap(more), latencies);
    }

    /** The same with times that were measured. */
    Result with(Latencies measured) {
        return new Result(verdict, found, advice, figures, measured);
    }

    Finding finding(Check check) {
        return new Finding(check.name(), check.part(), check.title(), verdict, found, advice, figures, latencies);
    }
}
