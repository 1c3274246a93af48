package ai.tatbot.state.bench.report;

import java.util.List;
import java.util.Map;

/**
 * How a cost grows.
 *
 * @param id name of its file
 * @param lines by name, one value for each x; NaN where there is none
 */
public record Curve(
        String id,
        String title,
        String xTitle,
        String yTitle,
        List<Double> x,
        Map<String, List<Double>> lines,
        String command) {}
