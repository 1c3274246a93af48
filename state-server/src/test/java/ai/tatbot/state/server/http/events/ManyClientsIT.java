package ai.tatbot.state.server.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.PublishedSession;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.testkit.EventCrowd;
import ai.tatbot.state.server.testkit.Program;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 1,000 clients while a robot writes 1,000 times a second; then a tenth of them stop reading. How fresh the positions are is printed;
 * it is judged only with -Dclients.oldest=MILLIS, for what else the machine does decides it.
 */
@Tag("alone")
class ManyClientsIT {
    private static final int CLIENTS = 1_000;
    private static final int STALLED = 100;
    private static final int SESSIONS = 10;
    private static final long MOST_MEMORY = 256L << 20;

    /** Of each position that a client had when the next came, nearly all were no older than this. The limit says only that it flows. */
    private static final long OLDEST_MILLIS = Long.getLong("clients.oldest", 2_000);

    private int told;

    @Test
    void eachSeesEveryTransitionAndAFreshPosition() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Program server = Program.serve(
                        Map.of("REDIS_PASSWORD", RedisServer.PASSWORD),
                        "--redis",
                        "redis://127.0.0.1:" + redis.port());
                StateManager hog =
                        StateManager.connect(redis.options().nodeId("hog").build());
                EventCrowd crowd = new EventCrowd(URI.create(server.url()).getPort(), CLIENTS, "robot:state:hog")) {
            draw(hog, Duration.ofSeconds(4), 0);
            Histogram alone = draw(hog, Duration.ofSeconds(4), SESSIONS, crowd);
            report("all reading", alone, server);
            awaitTransitions(crowd, 0);

            crowd.stall(STALLED);
            Histogram beside = draw(hog, Duration.ofSeconds(4), SESSIONS, crowd);
            report(STALLED + " not reading", beside, server);
            awaitTransitions(crowd, STALLED);

            assertThat(crowd.disturbed(STALLED)).isZero();
            assertThat(alone.getValueAtPercentile(99)).isLessThanOrEqualTo(OLDEST_MILLIS);
            assertThat(beside.getValueAtPercentile(99)).isLessThanOrEqualTo(OLDEST_MILLIS);
            assertThat(memory(server)).isLessThan(MOST_MEMORY);
        }
    }

    private void awaitTransitions(EventCrowd crowd, int from) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(crowd.fewestTransitions(from)).isGreaterThanOrEqualTo(told));
    }

    /** Ages during this time. */
    private Histogram draw(StateManager hog, Duration time, int sessions, EventCrowd crowd) {
        crowd.measure();
        draw(hog, time, sessions);
        return crowd.ages();
    }

    /** Writes a robot's state and a session's position by turns, 1,000 times a second, with so many sessions on the way. */
    private void draw(StateManager hog, Duration time, int sessions) {
        StatePublisher publisher = hog.publisher();
        long start = System.nanoTime();
        long turns = time.toMillis() / 2;
        PublishedSession session = null;
        for (int i = 0; i < turns; i++) {
            if (sessions > 0 && i % (turns / sessions) == 0) {
                if (session != null) {
                    session.end();
                    told++;
                }
                session = publisher.startStrokeSession(1_000, 108, "crowd");
                told++;
            }
            publisher.offer(Samples.robot("hog").build());
            if (session != null) {
                session.offer(i / 108, i % 108);
            }
            long due = start + (i + 1) * 2_000_000L;
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
        if (session != null) {
            session.end();
            told++;
        }
    }

    private static void report(String what, Histogram ages, Program server) throws IOException {
        System.out.printf(
                "%d clients, %s: position when the next came p50 %d ms, p99 %d ms, oldest %d ms; %d frames; server %d MB%n",
                CLIENTS,
                what,
                ages.getValueAtPercentile(50),
                ages.getValueAtPercentile(99),
                ages.getMaxValue(),
                ages.getTotalCount(),
                memory(server) >> 20);
    }

    /** Resident memory of the process, in bytes. */
    private static long memory(Program server) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElseThrow();
    }
}
