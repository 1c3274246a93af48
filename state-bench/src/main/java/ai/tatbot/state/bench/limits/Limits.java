package ai.tatbot.state.bench.limits;

import ai.tatbot.state.bench.gate.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The file of limits: each with what it was taken from, and where. */
final class Limits {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Map<Measure, Limit> limits;

    private Limits(Map<Measure, Limit> limits) {
        this.limits = limits;
    }

    /**
     * Reads them.
     *
     * @throws IOException if the file cannot be read, or is not one; the message says what is wrong
     */
    static Limits read(Path file) throws IOException {
        try {
            Map<Measure, Limit> limits = new EnumMap<>(Measure.class);
            for (JsonNode entry : JSON.readTree(Files.readString(file)).path("limits")) {
                String id = entry.path("measure").asString("");
                Measure measure =
                        Measure.of(id).orElseThrow(() -> new IOException(file + ": there is no measure " + id));
                limits.put(
                        measure,
                        new Limit(
                                number(file, entry, "limit"),
                                number(file, entry, "taken"),
                                entry.path("machine").asString(""),
                                entry.path("java").asString(""),
                                entry.path("redis").asString("")));
            }
            return new Limits(limits);
        } catch (JacksonException e) {
            throw new IOException(file + ": " + e.getOriginalMessage(), e);
        }
    }

    private static double number(Path file, JsonNode entry, String name) throws IOException {
        if (!entry.path(name).isNumber()) {
            throw new IOException(file + ": " + name + " of " + entry.path("measure") + " is not a number");
        }
        return entry.path(name).asDouble();
    }

    /** Those that follow from values that are good, by the rule of each measure. */
    static Limits take(Map<Measure, Double> values, Machine machine) {
        Map<Measure, Limit> limits = new EnumMap<>(Measure.class);
        values.forEach((measure, value) -> {
            double taken = Math.round(value * 1_000) / 1e3;
            limits.put(
                    measure,
                    new Limit(
                            measure.rule().limit(taken),
                            taken,
                            machine.cores() + " x " + machine.processor(),
                            machine.java(),
                            machine.redis()));
        });
        return new Limits(limits);
    }

    /**
     * These, but for those that were tighter before: a run on a busy day must not loosen what a quiet one has shown. Who means to
     * loosen one takes it out of the file.
     */
    Limits butNoLooserThan(Limits before) {
        Map<Measure, Limit> tightest = new EnumMap<>(limits);
        before.limits.forEach((measure, limit) -> tightest.computeIfPresent(
                measure, (same, now) -> measure.rule().isTighter(limit.limit(), now.limit()) ? limit : now));
        return new Limits(tightest);
    }

    Optional<Limit> of(Measure measure) {
        return Optional.ofNullable(limits.get(measure));
    }

    void write(Path file) throws IOException {
        List<Object> entries = new ArrayList<>();
        limits.forEach((measure, limit) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("measure", measure.id());
            entry.put("what", measure.text());
            entry.put("is", measure.rule().sign());
            entry.put("limit", limit.limit());
            entry.put("taken", limit.taken());
            entry.put("machine", limit.machine());
            entry.put("java", limit.java());
            entry.put("redis", limit.redis());
            entries.add(entry);
        });
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("about", "Limits of ops/bench --gate; taken anew, on a quiet machine, by ops/bench --gate --take");
        all.put("limits", entries);
        Files.writeString(file, JSON.writeValueAsString(all) + "\n");
    }

    /**
     * A limit.
     *
     * @param taken the value from which it follows
     */
    record Limit(double limit, double taken, String machine, String java, String redis) {}
}
