package ai.tatbot.state.bench.offer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run found.
 *
 * @param machine where it ran
 * @param restored for each outage, ms from the reconnect until the latest state was stored
 * @param conflated positions that gave way to newer ones
 */
record OfferReport(
        String machine,
        List<Phase> phases,
        Map<String, Double> restored,
        long offered,
        long sent,
        long conflated,
        long exceptions,
        CallerEvents.Found events) {
    private static final double MOST_P99_9 = 20;
    private static final double MOST_ABOVE_IDLE = 100;
    private static final double MOST_IDLE = 1_000;
    private static final double MOST_RESTORED = 100;
    private static final double MOST_GROWTH = 8;

    List<String> misses() {
        List<String> misses = new ArrayList<>();
        for (Phase phase : phases) {
            if (isJudged(phase)) {
                judge(phase, misses);
            }
            double growth = megabytes(phase.heapAfter - phase.heapBefore);
            if (growth > MOST_GROWTH) {
                misses.add(text("%s: the heap grew by %.1f MB, limit %.0f MB", phase.name, growth, MOST_GROWTH));
            }
        }
        restored.forEach((outage, millis) -> {
            if (!(millis <= MOST_RESTORED)) {
                misses.add(text(
                        "%s: the latest state was stored %.1f ms after the reconnect, limit %.0f ms",
                        outage, millis, MOST_RESTORED));
            }
        });
        if (exceptions > 0) {
            misses.add(exceptions + " offers threw");
        }
        if (!events.caller().isEmpty()) {
            misses.add("offers did what they must not: " + events.caller());
        }
        if (events.others().isEmpty()) {
            misses.add("the flight recorder saw nothing at all");
        }
        return misses;
    }

    private static void judge(Phase phase, List<String> misses) {
        double high = phase.offers.micros(0.999);
        if (high >= MOST_P99_9) {
            misses.add(text("%s: p99.9 of an offer is %.1f us, limit %.0f us", phase.name, high, MOST_P99_9));
        }
        double above = phase.offers.max() - phase.idle.max();
        if (above > MOST_ABOVE_IDLE) {
            misses.add(text(
                    "%s: the longest offer took %.1f us more than the longest of the empty loop, limit %.0f us",
                    phase.name, above, MOST_ABOVE_IDLE));
        }
    }

    /** A loop that is held up while it does nothing says nothing of an offer. */
    private static boolean isJudged(Phase phase) {
        return phase.idle.micros(0.999) < MOST_P99_9 / 2 && phase.idle.max() < MOST_IDLE;
    }

    String text() {
        StringBuilder out = new StringBuilder(machine).append("\n\n");
        out.append(text(
                "%-8s %8s | %-31s | %-31s | %-15s | %s%n",
                "", "", "one offer, us", "empty loop, us", "seconds*", "heap after GC, MB"));
        out.append(text(
                "%-8s %8s | %7s %7s %7s %7s | %7s %7s %7s %7s | %4s %5s %4s | %6s %6s%n",
                "phase", "offers", "p50", "p99", "p99.9", "max", "p50", "p99", "p99.9", "max", "more", "less", "of",
                "before", "after"));
        for (Phase phase : phases) {
            out.append(text(
                    "%-8s %8d | %s | %s | %4d %5d %4d | %6.1f %6.1f%n",
                    phase.name,
                    phase.offers.count(),
                    row(phase.offers),
                    row(phase.idle),
                    phase.secondsOfLongOffers(MOST_ABOVE_IDLE),
                    phase.secondsOfLongIdling(MOST_ABOVE_IDLE),
                    phase.seconds(),
                    megabytes(phase.heapBefore),
                    megabytes(phase.heapAfter)));
        }
        out.append(text(
                "* in which the longest offer took over %.0f us more than the longest turn of the empty loop, and the other way round%n%n",
                MOST_ABOVE_IDLE));
        restored.forEach((outage, millis) ->
                out.append(text("Latest state stored after %s: %.1f ms after the reconnect%n", outage, millis)));
        out.append(text(
                "Positions: %d offered, %d stored, %d conflated; %d exceptions%n",
                offered, sent, conflated, exceptions));
        out.append("Flight recorder: on the loop's thread ")
                .append(events.caller())
                .append(", elsewhere ")
                .append(events.others())
                .append('\n');
        for (Phase phase : phases) {
            if (!isJudged(phase)) {
                out.append(text("Durations not judged: %s: this machine held up the empty loop too%n", phase.name));
            }
        }
        List<String> misses = misses();
        long judged = phases.stream().filter(OfferReport::isJudged).count();
        out.append(
                        !misses.isEmpty()
                                ? "FAILED: " + misses.size() + " missed"
                                : judged == phases.size()
                                        ? "Passed"
                                        : text(
                                                "Nothing missed, but the durations of %d of %d phases were not judged; try again on a"
                                                        + " quiet machine",
                                                phases.size() - judged, phases.size()))
                .append('\n');
        return out.toString();
    }

    private static String row(Latencies latencies) {
        return text(
                "%7.2f %7.2f %7.2f %7.1f",
                latencies.micros(0.5), latencies.micros(0.99), latencies.micros(0.999), latencies.max());
    }

    String json() {
        List<Object> rows = new ArrayList<>();
        for (Phase phase : phases) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("phase", phase.name);
            row.put("offers", phase.offers.figures());
            row.put("empty_loop", phase.idle.figures());
            row.put("seconds", phase.seconds());
            row.put("seconds_of_long_offers", phase.secondsOfLongOffers(MOST_ABOVE_IDLE));
            row.put("seconds_of_long_idling", phase.secondsOfLongIdling(MOST_ABOVE_IDLE));
            row.put("heap_before_bytes", phase.heapBefore);
            row.put("heap_after_bytes", phase.heapAfter);
            rows.add(row);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        all.put("phases", rows);
        all.put("restored_ms", restored);
        all.put("offered", offered);
        all.put("sent", sent);
        all.put("conflated", conflated);
        all.put("exceptions", exceptions);
        all.put("events_on_loop", events.caller());
        all.put("events_elsewhere", events.others());
        all.put("misses", misses());
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(all) + "\n";
    }

    private static double megabytes(long bytes) {
        return bytes / 1e6;
    }

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
