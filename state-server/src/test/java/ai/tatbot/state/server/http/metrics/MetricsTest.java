package ai.tatbot.state.server.http.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | text/plain",
                "'' | text/plain",
                "*/* | text/plain",
                "text/html | text/plain",
                "application/json | text/plain",
                "application/vnd.google.protobuf;encoding=delimited;q=0.7,*/*;q=0.2 | text/plain",
                "application/openmetrics-text | application/openmetrics-text",
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3 | application/openmetrics-text",
                "text/plain;q=0.9,application/openmetrics-text;q=0.1 | text/plain",
                "application/openmetrics-text;q=0,text/plain;q=0.1 | text/plain",
                "nonsense;;;q=x | text/plain",
            })
    void theFormatThatIsPreferred(String accept, String expected) {
        assertThat(Metrics.contentType(accept)).startsWith(expected + ";");
    }

    @Test
    void namesFromOutsideCannotFillTheMemory() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        HttpMetrics http = new HttpMetrics(registry);
        CallMetrics calls = new CallMetrics(registry);
        for (int i = 0; i < 10_000; i++) {
            http.problem("code_" + i);
            http.answered("METHOD" + i, "/route", 200);
            calls.answered("tool_" + i, "ok", Duration.ofMillis(1));
        }
        assertThat(registry.getMeters().size()).isLessThan(600);
        assertThat(registry.get("tatbot.http.problems").counters().stream()
                        .mapToDouble(Counter::count)
                        .sum())
                .isEqualTo(10_000);
        assertThat(registry.get("tatbot.http.requests")
                        .tag("method", "other")
                        .counter()
                        .count())
                .isEqualTo(10_000);
        assertThat(registry.get("tatbot.mcp.call.duration")
                        .tag("tool", "other")
                        .timer()
                        .count())
                .isGreaterThan(9_000);
    }
}
