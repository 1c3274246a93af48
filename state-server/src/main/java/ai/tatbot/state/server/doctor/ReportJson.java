package ai.tatbot.state.server.doctor;

import ai.tatbot.state.model.WireTime;
import ai.tatbot.state.server.show.JsonText;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** A report for programs. */
public final class ReportJson {
    private ReportJson() {}

    /** One object, on one line. */
    public static String of(Report report) {
        return JsonText.object(out -> {
            out.writeStringProperty("at", WireTime.format(report.at()));
            out.writeNumberProperty("took_ms", report.took().toMillis());
            out.writeStringProperty("node", report.node());
            out.writeStringProperty("redis", report.address());
            out.writeStringProperty("verdict", report.worst().code());
            out.writeBooleanProperty("unreachable", report.unreachable());
            out.writeObjectPropertyStart("counts");
            for (Verdict verdict : Verdict.values()) {
                out.writeNumberProperty(verdict.code(), report.count(verdict));
            }
            out.writeEndObject();
            out.writeArrayPropertyStart("checks");
            report.findings().forEach(finding -> write(out, finding));
            out.writeEndArray();
        });
    }

    private static void write(JsonGenerator out, Finding finding) {
        out.writeStartObject();
        out.writeStringProperty("check", finding.check());
        out.writeStringProperty("part", finding.part().title());
        out.writeStringProperty("verdict", finding.verdict().code());
        out.writeStringProperty("found", finding.found());
        out.writeStringProperty("advice", finding.advice());
        out.writeObjectPropertyStart("figures");
        finding.figures().forEach((name, value) -> write(out, name, value));
        out.writeEndObject();
        Latencies latencies = finding.latencies();
        if (latencies != null) {
            out.writeObjectPropertyStart("latency");
            out.writeNumberProperty("count", latencies.count());
            out.writeNumberProperty("p50_us", latencies.micros(50));
            out.writeNumberProperty("p90_us", latencies.micros(90));
            out.writeNumberProperty("p99_us", latencies.micros(99));
            out.writeNumberProperty("max_us", latencies.maxMicros());
            out.writeArrayPropertyStart("histogram");
            for (Latencies.Bin bin : latencies.histogram()) {
                out.writeStartObject();
                out.writeNumberProperty("from_us", bin.fromMicros());
                JsonText.write(out, "to_us", bin.toMicros() == Long.MAX_VALUE ? null : bin.toMicros());
                out.writeNumberProperty("count", bin.count());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, String name, Object value) {
        if (value instanceof Boolean truth) {
            out.writeBooleanProperty(name, truth);
        } else if (value instanceof Number number) {
            out.writeNumberProperty(name, number.longValue());
        } else if (value instanceof List<?> list) {
            out.writeArrayPropertyStart(name);
            list.forEach(one -> out.writeString(String.valueOf(one)));
            out.writeEndArray();
        } else {
            out.writeStringProperty(name, String.valueOf(value));
        }
    }
}
