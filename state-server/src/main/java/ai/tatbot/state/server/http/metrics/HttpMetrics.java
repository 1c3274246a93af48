package ai.tatbot.state.server.http.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** Counts and times requests. What it tells them apart by is never what a client sent, but what the server made of it. */
final class HttpMetrics {
    /** Route of what reached none: refused by the guard, or not found. */
    static final String NO_ROUTE = "none";

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS");
    private static final int MOST_PROBLEMS = 200;

    private final MeterRegistry registry;
    private final ConcurrentMap<Sort, Counter> requests = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Timer> durations = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Counter> problems = new ConcurrentHashMap<>();

    private record Sort(String method, String route, int statusClass) {}

    HttpMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * A request has been answered.
     *
     * @param route template of its path
     * @param status 0 if it was not answered, since the client was gone
     */
    void answered(String method, String route, int status) {
        Sort sort = new Sort(METHODS.contains(method) ? method : "other", route, status / 100);
        requests.computeIfAbsent(sort, this::counter).increment();
    }

    /** How long that took; not for streams, which end when someone has had enough of them. */
    void took(String route, long nanos) {
        durations
                .computeIfAbsent(
                        route,
                        name -> Buckets.timer(
                                registry,
                                "tatbot.http.request.duration",
                                "Time from a request's first byte to the end of its answer; streams are left out.",
                                "route",
                                name))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A problem document was sent. Its code is one of the server's own. */
    void problem(String code) {
        Counter known = problems.get(code);
        if (known == null) {
            known = problems.computeIfAbsent(
                    problems.size() < MOST_PROBLEMS ? code : "other",
                    name -> Counter.builder("tatbot.http.problems")
                            .description(
                                    "Requests that were refused or failed, by the code of the problem: unauthorized,"
                                            + " invalid_token, too_many_requests and others.")
                            .tag("code", name)
                            .register(registry));
        }
        known.increment();
    }

    private Counter counter(Sort sort) {
        return Counter.builder("tatbot.http.requests")
                .description("Requests, by the template of their path and the class of their status.")
                .tag("method", sort.method)
                .tag("route", sort.route)
                .tag("status", sort.statusClass == 0 ? "none" : sort.statusClass + "xx")
                .register(registry);
    }
}
