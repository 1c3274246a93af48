package ai.tatbot.state.server.http.metrics;

import ai.tatbot.state.server.http.events.StreamMeter;
import ai.tatbot.state.server.live.FleetMeter;
import ai.tatbot.state.server.live.FleetStatus;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.operation.WriteMeter;
import com.sun.management.OperatingSystemMXBean;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import org.eclipse.jetty.http.QuotedQualityCSV;
import org.jspecify.annotations.Nullable;

/**
 * What is measured, and the route that shows it. Made before what is measured, which is told whom to tell; {@link #watch} adds what is
 * asked for when someone looks. Thread-safe.
 */
public final class Metrics implements AutoCloseable {
    /** Where they are. */
    public static final String PATH = "/metrics";

    private static final double NANOS_PER_SECOND = 1e9;
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final FleetMetrics fleetMetrics = new FleetMetrics(registry);
    private final StreamMetrics streams = new StreamMetrics(registry);
    private final CallMetrics calls = new CallMetrics(registry);
    private final HttpMetrics http = new HttpMetrics(registry);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private volatile @Nullable FleetGauges gauges;

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        FunctionCounter.builder(
                        "process.cpu",
                        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class),
                        system -> system.getProcessCpuTime() / NANOS_PER_SECOND)
                .description("Time that this process has had on a processor.")
                .baseUnit("seconds")
                .register(registry);
        new UptimeMetrics().bindTo(registry);
        garbage.bindTo(registry);
        Gauge.builder("tatbot.build.info", () -> 1)
                .description("Always 1; its label is the version of the program.")
                .tag("version", FleetStatus.Server.version())
                .register(registry);
    }

    /** To be told by the fleet. */
    public FleetMeter fleet() {
        return fleetMetrics;
    }

    /** To be told of writes. */
    public WriteMeter writes() {
        return calls;
    }

    /** To be told by the event streams. */
    public StreamMeter streams() {
        return streams;
    }

    /**
     * A call of an MCP tool has been answered.
     *
     * @param tool name of a tool of this server
     * @param outcome {@code ok}, or what kind of failure it is
     */
    public void answered(String tool, String outcome, Duration took) {
        calls.answered(tool, outcome, took);
    }

    /**
     * What counts requests; to be the first handler.
     *
     * @param others paths of what does not say itself which route a request has taken
     */
    public RequestMeter requests(String... others) {
        return new RequestMeter(http, Set.of(others));
    }

    /** Adds what can only be asked for. */
    public void watch(LiveFleet fleet, IntSupplier openStreams) {
        gauges = new FleetGauges(registry, fleet::status, fleet::conflated);
        openStreams(openStreams);
    }

    private void openStreams(IntSupplier number) {
        gauge("tatbot.streams.open", "Event streams that clients have open.", number);
    }

    /** Adds how many sessions of the Model Context Protocol there are. */
    public void mcpSessions(IntSupplier number) {
        gauge("tatbot.mcp.sessions", "Sessions of the Model Context Protocol that are open.", number);
    }

    private void gauge(String name, String description, IntSupplier number) {
        Gauge.builder(name, number, IntSupplier::getAsInt)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /**
     * Adds when the server's certificate expires, as it is when someone looks.
     *
     * @param expiry not a number while none is in use
     */
    public void certificate(DoubleSupplier expiry) {
        Gauge.builder("tatbot.tls.certificate.expiry.timestamp", expiry, DoubleSupplier::getAsDouble)
                .description("When the certificate that the server shows expires, in seconds since 1970.")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
    }

    /** Everything that a server can show, in Prometheus' older text, although none runs; with an example of each label. */
    static String described() {
        try (Metrics all = new Metrics()) {
            all.gauges = new FleetGauges(
                    all.registry,
                    () -> {
                        throw new IllegalStateException("there is no fleet");
                    },
                    () -> 0);
            all.openStreams(() -> 0);
            all.mcpSessions(() -> 0);
            all.certificate(() -> Double.NaN);
            all.calls.ended("publish_event", "done", 0);
            all.calls.answered("get_state", "ok", Duration.ZERO);
            all.http.answered("GET", "/api/v1/status", 200);
            all.http.took("/api/v1/status", 0);
            all.http.problem("unauthorized");
            return all.registry.scrape(TEXT);
        }
    }

    /** Registers {@value #PATH}, and has each request say which route it took. */
    public void register(RoutesConfig routes) {
        routes.beforeMatched(context -> {
            var endpoint = context.endpoints().matchedHttpEndpoint();
            if (endpoint != null) {
                context.attribute(RequestMeter.ROUTE, endpoint.path);
            }
        });
        routes.get(PATH, this::show);
    }

    private void show(Context context) {
        String type = contentType(context.header("Accept"));
        context.header("Vary", "Accept").contentType(type).result(scrape(type));
    }

    private byte[] scrape(String contentType) {
        FleetGauges current = gauges;
        if (current != null) {
            current.refresh();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(32 * 1024);
        try {
            registry.scrape(bytes, contentType);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** OpenMetrics for whoever prefers it to the older text, which everything else understands. */
    static String contentType(@Nullable String accept) {
        QuotedQualityCSV ranges = new QuotedQualityCSV();
        if (accept != null) {
            ranges.addValue(accept);
        }
        for (String range : ranges.getValues()) {
            if (range.startsWith("application/openmetrics-text")) {
                return OPEN_METRICS;
            }
            if (range.startsWith("text/")) {
                return TEXT;
            }
        }
        return TEXT;
    }

    @Override
    public void close() {
        garbage.close();
        registry.close();
    }
}
