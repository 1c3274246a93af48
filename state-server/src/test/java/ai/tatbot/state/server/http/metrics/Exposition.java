package ai.tatbot.state.server.http.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prometheus' text format, read strictly: what it would refuse, or its linter complain of, fails the test. */
final class Exposition {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-z_][a-z0-9_]*)(\\{([a-z_]+=\"[^\"\\\\\n]*\",?)+})? (NaN|[+-]?Inf|[-+0-9.eE]+)");
    private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|sum|total)$");

    private final Map<String, Double> samples = new LinkedHashMap<>();
    private final Map<String, String> types = new HashMap<>();

    private Exposition() {}

    static Exposition read(String text) {
        Exposition exposition = new Exposition();
        Map<String, String> helps = new HashMap<>();
        assertThat(text).endsWith("\n");
        for (String line : text.strip().split("\n", -1)) {
            if (line.startsWith("# HELP ")) {
                String[] parts = line.split(" ", 4);
                assertThat(helps.put(parts[2], parts[3])).as(line).isNull();
            } else if (line.startsWith("# TYPE ")) {
                String[] parts = line.split(" ", 4);
                assertThat(exposition.types.put(parts[2], parts[3])).as(line).isNull();
            } else {
                exposition.sample(line);
            }
        }
        exposition.types.forEach((name, type) -> {
            assertThat(helps.get(name)).as(name).isNotBlank();
            assertThat(name.endsWith("_total")).as(name + " is a " + type).isEqualTo(type.equals("counter"));
        });
        return exposition;
    }

    private void sample(String line) {
        Matcher matcher = SAMPLE.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        String name = matcher.group(1);
        assertThat(types.containsKey(name)
                        || types.containsKey(SUFFIX.matcher(name).replaceFirst("")))
                .as(line + " has a type")
                .isTrue();
        String series = line.substring(0, line.lastIndexOf(' '));
        String value = matcher.group(4).replace("Inf", "Infinity");
        assertThat(samples.put(series, Double.valueOf(value))).as(line).isNull();
    }

    /** The value of a series, such as {@code up{job="a"}}; 0 if there is none. */
    double value(String series) {
        return samples.getOrDefault(series, 0.0);
    }

    boolean has(String series) {
        return samples.containsKey(series);
    }

    Map<String, Double> samples() {
        return samples;
    }

    Map<String, String> types() {
        return types;
    }
}
