package ai.tatbot.state.client.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.Problem.Kind;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.HealthUpdate;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.Versioned;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Heartbeats that are measured and sent by themselves. */
@SuppressWarnings("try") // A reporter is made for what it does, and seldom asked.
class HealthReporterIT {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private static RedisServer redis;

    private final List<Problem> problems = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @AfterEach
    void noThreadIsLeft() {
        assertThat(threads()).isEmpty();
    }

    private StateOptions.Builder options() {
        return redis.options()
                .nodeId("hog")
                .heartbeatInterval(INTERVAL)
                .connectTimeout(Duration.ofMillis(100))
                .timeout(Duration.ofMillis(500))
                .problemListener(problems::add);
    }

    private StateManager connect() {
        return StateManager.connect(options().build());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("tatbot-health"))
                .toList();
    }

    /** The first heartbeat after this moment. */
    private static Versioned<NodeHealth> heartbeat(StateManager state) {
        Instant asked = Instant.now();
        return Awaitility.await()
                .ignoreException(StateException.class)
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> state.nodeHealth("hog"),
                        found -> found.isPresent() && lastHeartbeat(found.get()).isAfter(asked))
                .orElseThrow();
    }

    private static Instant lastHeartbeat(Versioned<NodeHealth> health) {
        Instant time = health.value().lastHeartbeat();
        assertThat(time).isNotNull();
        return time;
    }

    private static long rev(Versioned<NodeHealth> health) {
        return Objects.requireNonNull(health.rev());
    }

    @Test
    void whatItSendsIsMeasured() {
        try (StateManager state = connect();
                HealthReporter reporter = HealthReporter.start(state)) {
            assertThat(reporter.toString()).startsWith("HealthReporter[node hog, Redis 127.0.0.1:" + redis.port());
            heartbeat(state);
            NodeHealth health = heartbeat(state).value();
            assertThat(health.nodeId()).isEqualTo("hog");
            assertThat(health.cpuPercent()).isBetween(0.0, 100.0);
            assertThat(health.memoryPercent()).isGreaterThan(0).isLessThan(100);
            assertThat(health.diskPercent()).isGreaterThan(0).isLessThanOrEqualTo(100);
            if (!health.gpuAvailable()) {
                assertThat(health.gpuPercent()).isNull();
                assertThat(health.gpuMemoryPercent()).isNull();
            }
            assertThat(health.isReachable()).isTrue();
            assertThat(health.pingLatencyMs()).isNotNull().isGreaterThan(0).isLessThan(1_000);
            assertThat(health.mcpServerRunning()).isFalse();
            assertThat(health.mcpPort()).isNull();
            assertThat(health.timestamp()).isEqualTo(health.lastHeartbeat());
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void theFirstComesWithoutWaitingForTheInterval() {
        try (StateManager state = StateManager.connect(
                        options().heartbeatInterval(Duration.ofSeconds(30)).build());
                HealthReporter reporter = HealthReporter.start(state)) {
            assertThat(heartbeat(state).value().pingLatencyMs()).isNull();
        }
    }

    @Test
    void heartbeatsKeepComingUntilItIsClosed() throws InterruptedException {
        List<HealthUpdate> seen = new CopyOnWriteArrayList<>();
        try (StateManager state = connect()) {
            state.subscribe(Channels.nodeEvents("hog"), event -> seen.add((HealthUpdate) event));
            Versioned<NodeHealth> first;
            Versioned<NodeHealth> later;
            try (HealthReporter reporter = HealthReporter.start(state)) {
                first = heartbeat(state);
                Awaitility.await().until(() -> rev(heartbeat(state)) >= rev(first) + 5);
                later = heartbeat(state);
                assertThat(threads()).containsExactly("tatbot-health-hog");
            }
            assertThat(threads()).isEmpty();
            Duration took = Duration.between(lastHeartbeat(first), lastHeartbeat(later));
            assertThat(took).isGreaterThan(INTERVAL.multipliedBy(4));
            assertThat(seen).hasSizeGreaterThan(5);

            long last = rev(state.nodeHealth("hog").orElseThrow());
            Awaitility.await()
                    .during(INTERVAL.multipliedBy(4))
                    .until(() -> rev(state.nodeHealth("hog").orElseThrow()) == last);
        }
    }

    @Test
    void anOutageIsReportedOnceAndSurvived() throws InterruptedException {
        try (StateManager state = connect();
                HealthReporter reporter = HealthReporter.start(state)) {
            heartbeat(state);
            for (int outage = 1; outage <= 2; outage++) {
                redis.kill();
                int reported = outage;
                Awaitility.await().until(() -> problems.size() >= reported);
                Awaitility.await().during(INTERVAL.multipliedBy(8)).until(() -> problems.size() == reported);
                redis.restart();
                heartbeat(state);
                assertThat(heartbeat(state).value().pingLatencyMs()).isNotNull();
                assertThat(problems).hasSize(outage);
            }
        }
        assertThat(problems.get(0).kind()).isEqualTo(Kind.DISCONNECTED);
        assertThat(problems.get(0).source()).isEqualTo("node:health:hog");
        assertThat(problems.get(0).message())
                .startsWith("heartbeat not sent: ")
                .endsWith("; it is tried again every 100 ms")
                .contains("127.0.0.1:" + redis.port())
                .doesNotContain(RedisServer.PASSWORD);
    }

    @Test
    void aRefusalIsReportedOnceAndSurvived() {
        try (Jedis admin = redis.jedis()) {
            admin.aclSetUser("hog", "reset", "on", ">hog-password", "~*", "&*", "+@all");
            try (StateManager state = StateManager.connect(
                            options().username("hog").password("hog-password").build());
                    HealthReporter reporter = HealthReporter.start(state)) {
                heartbeat(state);
                admin.aclSetUser("hog", "resetchannels");
                Awaitility.await().until(() -> !problems.isEmpty());
                long rev = rev(state.nodeHealth("hog").orElseThrow());
                Awaitility.await()
                        .during(INTERVAL.multipliedBy(5))
                        .until(() -> rev(state.nodeHealth("hog").orElseThrow()) == rev && problems.size() == 1);
                admin.aclSetUser("hog", "allchannels");
                heartbeat(state);
            } finally {
                admin.aclDelUser("hog");
            }
        }
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).kind()).isEqualTo(Kind.SIDE_EFFECT_FAILED);
        assertThat(problems.get(0).message()).doesNotContain("hog-password");
    }

    @Test
    void aListenerThatThrowsDoesNotEndIt() {
        StateOptions options = options()
                .problemListener(problem -> {
                    problems.add(problem);
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("listener");
                })
                .build();
        try (StateManager state = StateManager.connect(options);
                HealthReporter reporter = HealthReporter.start(state)) {
            heartbeat(state);
            redis.kill();
            Awaitility.await().until(() -> !problems.isEmpty());
            redis.restart();
            heartbeat(state);
        }
    }

    @Test
    void closingIsQuickWhileRedisIsFrozen() {
        try (StateManager state = connect()) {
            HealthReporter reporter = HealthReporter.start(state);
            heartbeat(state);
            redis.freeze();
            try {
                Awaitility.await().until(() -> !problems.isEmpty());
                long begin = System.nanoTime();
                reporter.close();
                reporter.close();
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
            } finally {
                redis.thaw();
            }
            Awaitility.await().until(() -> threads().isEmpty());
            try (HealthReporter next = HealthReporter.start(state)) {
                heartbeat(state);
            }
        }
    }

    @Test
    void onlyOneRunsInAProcess() {
        try (StateManager state = connect();
                StateManager ook = StateManager.connect(options().nodeId("ook").build())) {
            try (HealthReporter first = HealthReporter.start(state)) {
                assertThatThrownBy(() -> HealthReporter.start(ook))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage(first + " already runs in this process; close it first");
                assertThat(threads()).hasSizeLessThanOrEqualTo(1);
                heartbeat(state);
            }
            try (HealthReporter second = HealthReporter.start(ook)) {
                Awaitility.await().until(() -> ook.nodeHealth("ook").isPresent());
            }
        }
    }

    @Test
    void itEndsWithItsManager() {
        StateManager state = connect();
        HealthReporter left = HealthReporter.start(state);
        heartbeat(state);
        state.close();
        Awaitility.await().until(() -> threads().isEmpty());
        assertThat(problems)
                .filteredOn(problem -> problem.kind() != Kind.DISCONNECTED)
                .isEmpty();
        try (StateManager next = connect();
                HealthReporter reporter = HealthReporter.start(next)) {
            left.close();
            heartbeat(next);
            assertThatThrownBy(() -> HealthReporter.start(next)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aServerTellsItsMcpPort() {
        try (StateManager state = connect()) {
            assertThatThrownBy(() ->
                            HealthReporter.builder(state).mcpServer(65_536).start())
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageContaining("mcp_port");
            try (HealthReporter reporter =
                    HealthReporter.builder(state).mcpServer(5173).start()) {
                NodeHealth health = heartbeat(state).value();
                assertThat(health.mcpServerRunning()).isTrue();
                assertThat(health.mcpPort()).isEqualTo(5173);
            }
        }
    }

    @Test
    void aNodeThatIsNotToReapTellsOfItselfOnly() {
        try (StateManager state = StateManager.connect(options().reaping(false).build())) {
            List<String> told = new CopyOnWriteArrayList<>();
            state.subscribe(Channels.nodeEvents("hog"), event -> told.add(event.type()));
            try (HealthReporter reporter = HealthReporter.start(state)) {
                heartbeat(state);
                assertThat(reapers()).isEmpty();
            }
            Awaitility.await().until(() -> told.contains("offline"));
            assertThat(told).contains("online");
        }
        try (StateManager state = connect();
                HealthReporter reporter = HealthReporter.start(state)) {
            heartbeat(state);
            assertThat(reapers()).hasSize(1);
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void itSaysWhichVersionItIs() throws IOException {
        try (StateManager state = connect()) {
            try (HealthReporter reporter = HealthReporter.start(state)) {
                assertThat(heartbeat(state).value().softwareVersion()).isEqualTo(SoftwareVersion.ofThis());
            }
            try (HealthReporter reporter =
                    HealthReporter.builder(state).softwareVersion("2026.11.2").start()) {
                assertThat(heartbeat(state).value().softwareVersion()).isEqualTo("2026.11.2");
            }
            assertThatThrownBy(() -> HealthReporter.builder(state)
                            .softwareVersion("x".repeat(65))
                            .start())
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageContaining("software_version");
        }
        // Where it runs as what people get.
        try (JarFile jar = new JarFile(packaged().toFile())) {
            String version = jar.getManifest().getMainAttributes().getValue("Implementation-Version");
            assertThat(version).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
            Properties pom = new Properties();
            pom.load(jar.getInputStream(jar.getEntry("META-INF/maven/ai.tatbot/state-client/pom.properties")));
            assertThat(pom.getProperty("version")).isEqualTo(version);
        }
    }

    private static Path packaged() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("state-client-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<String> reapers() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("tatbot-reaper"))
                .toList();
    }

    @Test
    void withoutOshiItSaysSo() throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String without = Arrays.stream(classPath.split(File.pathSeparator, -1))
                .filter(entry -> !entry.matches(".*[/\\\\](oshi|jna)-[^/\\\\]*\\.jar"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(without).isNotEqualTo(classPath);
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        without,
                        WithoutOshi.class.getName())
                .redirectErrorStream(true);
        java.environment().putAll(Map.of("REDIS_URL", redis.url()));
        Process process = java.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(output)
                .contains(
                        "java.lang.IllegalStateException: HealthReporter needs com.github.oshi:oshi-core on the class path; add"
                                + " it, or send NodeHealth yourself with updateNodeHealth",
                        "stored 12.5")
                .doesNotContain("NoClassDefFoundError");
        assertThat(process.exitValue()).isZero();
    }

    /** A program without OSHI. */
    static final class WithoutOshi {
        private WithoutOshi() {}

        public static void main(String[] arguments) {
            StateOptions options = StateOptions.fromEnvironment().nodeId("oop").build();
            try (StateManager state = StateManager.connect(options)) {
                try (HealthReporter reporter = HealthReporter.start(state)) {
                    System.out.println("started " + reporter);
                } catch (IllegalStateException e) {
                    System.out.println(e);
                }
                state.updateNodeHealth(
                        NodeHealth.builder().nodeId("oop").cpuPercent(12.5).build());
                System.out.println("stored "
                        + state.nodeHealth("oop").orElseThrow().value().cpuPercent());
            }
        }
    }
}
