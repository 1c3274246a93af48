package ai.tatbot.state.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.GarbageServer;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.faultkit.Sentinels;
import ai.tatbot.state.client.faultkit.TlsFiles;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.WireTime;
import ai.tatbot.state.server.rights.AclRules;
import ai.tatbot.state.server.rights.Roles;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** Nothing on a healthy system; and each of many real faults on its own line, and on no other. */
class DoctorIT {
    private static final Set<String> BY_SPEED = Set.of("latency", "update_to_viewer", "update_rate");

    @TempDir
    static Path folder;

    private static TlsFiles files;
    private static TlsFiles.Issued server;

    @BeforeAll
    static void certificates() {
        files = TlsFiles.create(folder);
        server = files.server();
    }

    private static HealthySystem healthy(String... settings) {
        return HealthySystem.start(files, server, settings);
    }

    // ---- a healthy system

    @Test
    void nothingButOk() {
        try (HealthySystem system = healthy()) {
            // Only a machine that has nothing else to do answers in less than a millisecond each time.
            Awaitility.await().untilAsserted(() -> {
                Report asHog = system.examine();
                assertThat(verdicts(asHog, Verdict.WARN, Verdict.FAIL)).isEmpty();
                assertThat(verdicts(asHog, Verdict.NOT_CHECKED).keySet()).containsExactly("passwords");
                Report asAdmin = system.examineAsAdmin();
                assertThat(verdicts(asAdmin, Verdict.WARN, Verdict.FAIL, Verdict.NOT_CHECKED))
                        .isEmpty();
            });
        }
    }

    @Test
    void aFleetWithANamespace() {
        try (HealthySystem system = healthy()) {
            StateOptions.Builder options = system.options("admin").namespace("{fleet-a}");
            try (StateManager eek = StateManager.connect(options.nodeId("eek").build());
                    StrokeSession session = eek.startStrokeSession(Samples.tattoo())) {
                eek.updateNodeHealth(
                        Samples.health("eek").lastHeartbeat(WireTime.now()).build());
                Report report = examine(system.options("admin").namespace("{fleet-a}"));
                assertThat(complaints(report)).isEmpty();
                assertThat(find(report, "sessions").found()).startsWith(session.id());
                assertThat(find(report, "node_clocks").found()).contains("eek");
                assertThat(find(report, "indexes").found()).startsWith("1 node and 1 session listed");
                assertThat(find(report, "events").found()).contains("2 transitions");
            }
        }
    }

    /** The report's lines that came to one of these. */
    private static Map<String, String> verdicts(Report report, Verdict... wanted) {
        Set<Verdict> all = Set.of(wanted);
        return report.findings().stream()
                .filter(finding -> all.contains(finding.verdict()))
                .collect(Collectors.toMap(
                        Finding::check,
                        finding -> finding.verdict() + " " + finding.found(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** What is not as it should be. How fast it goes depends on what else this machine does, and counts only where it is looked for. */
    private static Map<String, String> complaints(Report report, String... expected) {
        Map<String, String> complaints = verdicts(report, Verdict.WARN, Verdict.FAIL);
        complaints
                .keySet()
                .removeIf(check -> BY_SPEED.contains(check) && !Set.of(expected).contains(check));
        return complaints;
    }

    /** Whether this line, and no other, tells of the fault; what could not be looked at because of it may be not checked. */
    private static Finding assertOnly(Report report, String check, Verdict verdict) {
        assertThat(complaints(report, check)).containsOnlyKeys(check);
        Finding finding = find(report, check);
        assertThat(finding.verdict()).isEqualTo(verdict);
        assertThat(finding.advice()).as("what to do").isNotBlank();
        return finding;
    }

    /** As {@link #assertOnly}; and nothing more than on a healthy system was not checked. */
    private static Finding assertOnlyOf(Report report, String check, Verdict verdict) {
        Finding finding = assertOnly(report, check, verdict);
        assertThat(verdicts(report, Verdict.NOT_CHECKED).keySet()).isSubsetOf("passwords");
        return finding;
    }

    private static Finding find(Report report, String check) {
        return report.findings().stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line " + check));
    }

    // ---- this node

    @Test
    void aSecretThatEveryoneReads() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), HealthySystem.PASSWORD);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (HealthySystem system = healthy()) {
            Report report = HealthySystem.examine(
                    () -> system.options("hog"), List.of(file), Map.of(), null, false, InstantSource.system());
            assertThat(assertOnlyOf(report, "secrets", Verdict.FAIL).found()).contains(file.toString(), "rw-r--r--");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            Report mended = HealthySystem.examine(
                    () -> system.options("hog"), List.of(file), Map.of(), null, false, InstantSource.system());
            assertThat(find(mended, "secrets").verdict()).isEqualTo(Verdict.OK);
        }
    }

    @Test
    void anInvalidConfiguration() {
        Report report = HealthySystem.examine(
                () -> StateOptions.fromEnvironment(Map.of("REDIS_PORT", "many")),
                List.of(),
                Map.of(),
                null,
                false,
                InstantSource.system());
        assertThat(assertOnly(report, "configuration", Verdict.FAIL).found()).contains("REDIS_PORT");
        assertThat(report.isConfigured()).isFalse();
    }

    // ---- the way to Redis

    @Test
    void aNameThatMeansNothing() {
        try (HealthySystem system = healthy()) {
            Report report = system.examine(options -> options.host("nowhere.invalid"));
            assertThat(assertOnly(report, "name", Verdict.FAIL).found()).contains("nowhere.invalid");
            assertThat(report.unreachable()).isTrue();
        }
    }

    @Test
    void nobodyListens() {
        try (HealthySystem system = healthy()) {
            system.redis().kill();
            Report report = system.examine();
            assertThat(assertOnly(report, "connection", Verdict.FAIL).found()).contains("nobody listens");
            assertThat(report.unreachable()).isTrue();
        }
    }

    @Test
    void aFrozenRedis() {
        try (HealthySystem system = healthy()) {
            system.redis().freeze();
            Report report = system.examine();
            assertOnly(report, "connection", Verdict.FAIL);
            assertThat(report.unreachable()).isTrue();
            assertThat(report.took()).isLessThan(Duration.ofSeconds(10));
            assertThat(verdicts(report, Verdict.OK)).containsOnlyKeys("configuration", "secrets", "name");
            system.redis().thaw();
        }
    }

    @Test
    void whatIsNoRedis() {
        try (GarbageServer garbage =
                GarbageServer.saying("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
            Report report = HealthySystem.examine(
                    () -> StateOptions.builder()
                            .host("127.0.0.1")
                            .port(garbage.port())
                            .nodeId("hog"),
                    List.of(),
                    Map.of(),
                    null,
                    false,
                    InstantSource.system());
            assertThat(assertOnly(report, "connection", Verdict.FAIL).found()).contains("is not Redis");
        }
    }

    @Test
    void tlsWhereThereIsNone() {
        try (RedisServer plain = RedisServer.start()) {
            Report report = HealthySystem.examine(
                    () -> plain.options().tls(true).tlsCaFile(files.ca()).nodeId("hog"),
                    List.of(),
                    Map.of(),
                    null,
                    false,
                    InstantSource.system());
            assertThat(assertOnly(report, "tls", Verdict.FAIL).found()).contains("speaks no TLS");
        }
    }

    @Test
    void noTlsWhereThereIsSome() {
        try (HealthySystem system = healthy()) {
            Report report = system.examine(options -> options.tls(false));
            assertThat(assertOnly(report, "tls", Verdict.FAIL).found()).contains("speaks TLS");
        }
    }

    @Test
    void noTlsOverANetwork() throws IOException {
        Optional<InetAddress> network = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        assumeTrue(network.isPresent(), "this machine has no address but loopback");
        try (HealthySystem system = HealthySystem.startPlain("--bind", "0.0.0.0")) {
            Report report =
                    system.examine(options -> options.host(network.orElseThrow().getHostAddress()));
            assertThat(assertOnlyOf(report, "tls", Verdict.WARN).found()).contains("can be read on the way");
            assertThat(find(system.examine(), "tls").verdict()).isEqualTo(Verdict.OK);
        }
    }

    @Test
    void aCertificateForAnotherName() {
        TlsFiles.Issued elsewhere = files.issue("elsewhere", "EC", "dns:eek.invalid");
        try (RedisServer redis = HealthySystem.startRedis(files, elsewhere)) {
            Report report = examineAlone(redis);
            assertThat(assertOnly(report, "tls", Verdict.FAIL).found()).contains("eek.invalid", "localhost");
        }
    }

    @Test
    void anUnknownAuthority(@TempDir Path other) {
        try (HealthySystem system = healthy()) {
            Report report = system.examine(
                    options -> options.tlsCaFile(TlsFiles.create(other).ca()));
            Finding finding = assertOnly(report, "tls", Verdict.FAIL);
            assertThat(finding.advice()).contains("throw-away authority", "REDIS_TLS_CA_FILE");
        }
    }

    @Test
    void anExpiredCertificate() {
        TlsFiles.Issued expired = files.issue("expired", "EC", "-20d", 10, "dns:localhost", "ip:127.0.0.1");
        try (RedisServer redis = HealthySystem.startRedis(files, expired)) {
            Report report = examineAlone(redis);
            assertThat(assertOnly(report, "certificate", Verdict.FAIL).found()).contains("that of Redis expired on");
            assertThat(report.unreachable()).isFalse();
        }
    }

    @Test
    void aCertificateThatExpiresSoon() {
        TlsFiles.Issued soon = files.issue("soon", "EC", 10, "dns:localhost", "ip:127.0.0.1");
        try (HealthySystem system = HealthySystem.start(files, soon)) {
            assertThat(assertOnlyOf(system.examine(), "certificate", Verdict.WARN)
                            .found())
                    .contains("that of Redis expires on");
        }
    }

    private static Report examineAlone(RedisServer redis) {
        return HealthySystem.examine(
                () -> redis.options().host("localhost").tlsCaFile(files.ca()).nodeId("hog"),
                List.of(),
                Map.of(),
                null,
                false,
                InstantSource.system());
    }

    // ---- access

    @Test
    void aWrongPassword() {
        try (HealthySystem system = healthy()) {
            Report report = system.examine(options -> options.password("stale"));
            assertOnly(report, "login", Verdict.FAIL);
            assertThat(report.unreachable()).isFalse();
        }
    }

    @Test
    void noPasswordNeeded() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("ACL SETUSER default nopass");
            assertThat(assertOnlyOf(system.examine(), "strangers", Verdict.FAIL).found())
                    .contains("without a password");
        }
    }

    @Test
    void noPasswordNeededForLittle() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("ACL SETUSER default nopass -@all +ping +hello");
            assertOnlyOf(system.examine(), "strangers", Verdict.WARN);
        }
    }

    @Test
    void aRightThatIsMissing() {
        try (HealthySystem system = healthy()) {
            List<String> words = new ArrayList<>(
                    AclRules.of(Roles.packaged().role("robot"), "hog", "").words());
            words.replaceAll(word -> word.replace(" &stroke:events:session ", " "));
            try (Jedis jedis = system.redis().jedis()) {
                jedis.aclSetUser("hog", words.toArray(String[]::new));
            }
            Finding finding = assertOnlyOf(system.examine(), "rights", Verdict.FAIL);
            assertThat(finding.found()).contains("hog (role robot").contains("stroke:events:session");
            assertThat(finding.advice()).contains("tatbot-state node update hog --role robot");
        }
    }

    @Test
    void aCommandThatIsMissing() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("ACL SETUSER hog -wait");
            assertThat(assertOnlyOf(system.examine(), "rights", Verdict.FAIL).found())
                    .contains("may not WAIT");
        }
    }

    @Test
    void aUserThatMayDoEverything() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("ACL SETUSER hog allkeys allchannels +@all");
            assertThat(assertOnlyOf(system.examine(), "excess_rights", Verdict.WARN)
                            .found())
                    .isEqualTo("user hog may do everything, FLUSHALL for one");
        }
    }

    @Test
    void aUserThatMayDoTooMuch() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("ACL SETUSER hog +keys ~node:health:*", "ACL SETUSER hog +hset");
            assertThat(assertOnlyOf(system.examine(), "excess_rights", Verdict.WARN)
                            .found())
                    .contains("user hog may also KEYS *, HSET node:health:doctor-somebody-else");
        }
    }

    @Test
    void theRoleIsKnownByTheRightsThatAreLeft() {
        try (HealthySystem system = healthy()) {
            assertThat(find(system.examine(), "rights").figures()).containsEntry("role", "robot");
            for (Map.Entry<String, String> user : Map.of("ook", "node", "eek-server", "server", "admin", "admin")
                    .entrySet()) {
                Report report = HealthySystem.examine(
                        () -> system.options(user.getKey()), List.of(), Map.of(), null, false, InstantSource.system());
                assertThat(find(report, "rights").figures()).containsEntry("role", user.getValue());
                assertThat(complaints(report)).as(user.getKey()).isEmpty();
            }
            Report asAnother = HealthySystem.examine(
                    () -> system.options("ook"), List.of(), Map.of(), "robot", false, InstantSource.system());
            assertThat(find(asAnother, "rights").verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @Test
    void aRotationThatWasNotEnded() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("ACL SETUSER ook >the-next-one");
            assertThat(assertOnlyOf(system.examineAsAdmin(), "passwords", Verdict.WARN)
                            .found())
                    .startsWith("ook ");
        }
    }

    // ---- Redis

    @Test
    void aVersionWithKnownVulnerabilities() {
        try (RedisServer old = RedisServer.start(RedisServer.bundled())) {
            Finding plain = find(examine(old.options()), "vulnerabilities");
            assertThat(plain.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(plain.found()).contains("Redis 6.2.", "CVE-2025-48367");
            assertThat(plain.figures().toString()).contains("CVE-2025-49844").doesNotContain("CVE-2026-81934");
            assertThat(find(examine(old.options()), "version").verdict()).isEqualTo(Verdict.OK);
        }
    }

    private static Report examine(StateOptions.Builder options) {
        return HealthySystem.examine(
                () -> options.nodeId("hog"), List.of(), Map.of(), null, false, InstantSource.system());
    }

    @Test
    void anOldRedisTellsNoRights() {
        try (RedisServer old = RedisServer.start(RedisServer.bundled())) {
            Report report = examine(old.options());
            assertThat(find(report, "rights").verdict()).isEqualTo(Verdict.NOT_CHECKED);
            assertThat(find(report, "rights").found()).contains("7.0");
            assertThat(find(report, "messages").verdict()).isEqualTo(Verdict.OK);
        }
    }

    @Test
    void aPolicyThatEvicts() {
        try (HealthySystem system = healthy()) {
            for (String policy : List.of("allkeys-lru", "volatile-ttl")) {
                system.redis().admin("CONFIG SET maxmemory-policy " + policy);
                assertThat(assertOnlyOf(system.examine(), "eviction_policy", Verdict.FAIL)
                                .found())
                        .contains(policy);
            }
        }
    }

    @Test
    void keysThatWereEvicted() {
        try (HealthySystem system = healthy()) {
            // What expires soonest goes first, and is of no consequence.
            try (Jedis jedis = system.redis().jedis()) {
                for (int i = 0; i < 2_000; i++) {
                    jedis.set(
                            "filler:" + i,
                            "x".repeat(1_000),
                            SetParams.setParams().px(20_000));
                }
            }
            long used = Long.parseLong(system.redis().info("memory", "used_memory"));
            system.redis()
                    .admin(
                            "CONFIG SET maxmemory-policy volatile-ttl",
                            "CONFIG SET maxmemory " + (used - 500_000),
                            "SET another one");
            Awaitility.await()
                    .until(() -> !system.redis().info("stats", "evicted_keys").equals("0"));
            system.redis().admin("CONFIG SET maxmemory 100mb", "CONFIG SET maxmemory-policy noeviction");
            assertOnlyOf(system.examine(), "evicted_keys", Verdict.WARN);
        }
    }

    @Test
    void noMemoryLimit() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("CONFIG SET maxmemory 0");
            assertOnlyOf(system.examine(), "memory_limit", Verdict.WARN);
        }
    }

    @Test
    void memoryThatIsNearlyFull() {
        try (HealthySystem system = healthy()) {
            fill(system.redis(), 0.87);
            assertThat(assertOnlyOf(system.examine(), "memory", Verdict.WARN).found())
                    .contains("of 100 MB");
            fill(system.redis(), 0.97);
            assertOnlyOf(system.examine(), "memory", Verdict.FAIL);
        }
    }

    /** With data, as a history that grows does; and not with what waits to be written to the disk, which soon is no more. */
    private static void fill(RedisServer redis, double part) {
        try (Jedis jedis = redis.jedis()) {
            String value = "x".repeat(100_000);
            while (!isFull(redis, part)) {
                jedis.rpush("filler", value);
                if (isFull(redis, part)) {
                    Awaitility.await()
                            .until(() -> Set.of("", "0").contains(redis.info("persistence", "aof_buffer_length")));
                }
            }
        }
    }

    private static boolean isFull(RedisServer redis, double part) {
        return Long.parseLong(redis.info("memory", "used_memory")) >= part * 100 * 1024 * 1024;
    }

    /** Versions before the fix of redis/redis#14541 drop it, and say so to nobody but their log. */
    @Test
    void aLogThatRedisWillNotTakeFromItself() {
        try (HealthySystem system = healthy()) {
            system.redis()
                    .admin(
                            "ACL SETUSER boss on >" + RedisServer.PASSWORD + " ~* &* +@all",
                            "ACL SETUSER default off -@all");
            Report report = examine(system.options("hog").username("boss").password(RedisServer.PASSWORD));
            assertThat(complaints(report).get("persistence")).contains("Redis drops all when it starts");
        }
    }

    @Test
    void noPersistence() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("CONFIG SET appendonly no");
            assertOnlyOf(system.examine(), "persistence", Verdict.FAIL);
            assertThat(assertOnlyOf(system.examineAsAdmin(), "persistence", Verdict.FAIL)
                            .found())
                    .startsWith("none");
        }
    }

    @Test
    void snapshotsOnly() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("CONFIG SET appendonly no", "BGSAVE");
            Awaitility.await()
                    .until(() -> system.redis()
                            .info("persistence", "rdb_bgsave_in_progress")
                            .equals("0"));
            assertThat(assertOnlyOf(system.examine(), "persistence", Verdict.WARN)
                            .found())
                    .startsWith("snapshots only");
        }
    }

    @Test
    void aDiskThatCannotBeWritten() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        try (HealthySystem system = healthy("--dir", data.toString())) {
            delete(data);
            system.redis().admin("BGSAVE");
            Awaitility.await()
                    .until(() -> system.redis()
                            .info("persistence", "rdb_last_bgsave_status")
                            .equals("err"));
            assertThat(assertOnlyOf(system.examine(), "disk", Verdict.FAIL).found())
                    .isEqualTo("the last snapshot failed");
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }

    @Test
    void aRedisThatRefusesWritesForItsDisk() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data-of-another"));
        try (HealthySystem system = healthy("--dir", data.toString(), "--save", "3600 1")) {
            delete(data);
            system.redis().admin("BGSAVE");
            Awaitility.await()
                    .until(() -> system.redis()
                            .info("persistence", "rdb_last_bgsave_status")
                            .equals("err"));
            Report report = system.examine();
            assertOnly(report, "disk", Verdict.FAIL);
            assertThat(verdicts(report, Verdict.NOT_CHECKED)).containsOnlyKeys("passwords", "key_events");
        }
    }

    @Test
    void aReplicaInPlaceOfThePrimary() {
        try (HealthySystem system = healthy();
                HealthySystem other = healthy()) {
            system.redis().admin("REPLICAOF 127.0.0.1 " + other.redis().port());
            Awaitility.await()
                    .until(() -> system.redis()
                            .info("replication", "master_link_status")
                            .equals("up"));
            assertThat(find(system.examine(), "replicas").verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @Test
    void sentinels() {
        try (Sentinels sentinels = Sentinels.start()) {
            StateOptions.Builder options = StateOptions.builder().url(sentinels.url());
            Report well = examine(options);
            assertThat(find(well, "sentinels").verdict()).isEqualTo(Verdict.OK);
            assertThat(find(well, "replicas").found()).startsWith("2 replicas");
            sentinels.killSentinel(0);
            Finding one = find(examine(options), "sentinels");
            assertThat(one.verdict()).isEqualTo(Verdict.WARN);
            assertThat(one.found()).startsWith("no answer from 127.0.0.1:");
            sentinels.killSentinel(1);
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                Finding none = find(examine(options), "sentinels");
                assertThat(none.verdict()).isEqualTo(Verdict.FAIL);
                assertThat(none.found()).contains("NOQUORUM");
            });
        }
    }

    @Test
    void aReplicaThatIsMissing() {
        try (HealthySystem system = healthy()) {
            Report report = system.examine(options -> options.replicas(1));
            assertOnlyOf(report, "replicas", Verdict.FAIL);
        }
    }

    // ---- time and messages

    @Test
    void aSlowNetwork() {
        try (HealthySystem system = HealthySystem.startPlain();
                Proxy proxy = Proxy.to(system.redis().port()).delay(Duration.ofMillis(3))) {
            Finding finding =
                    assertOnlyOf(system.examine(options -> options.port(proxy.port())), "latency", Verdict.WARN);
            assertThat(finding.latencies()).isNotNull();
        }
    }

    @Test
    void aWrongClockOfThisMachine() {
        try (HealthySystem system = healthy()) {
            assertThat(assertOnlyOf(system.examineAt(Duration.ofMillis(300)), "clock", Verdict.WARN)
                            .found())
                    .contains("ahead of");
            assertThat(assertOnlyOf(system.examineAt(Duration.ofSeconds(-5)), "clock", Verdict.FAIL)
                            .found())
                    .contains("behind");
        }
    }

    @Test
    void aSubscriberThatIsHalfDead() {
        try (HealthySystem system = HealthySystem.startPlain();
                Proxy proxy = Proxy.to(system.redis().port())) {
            proxy.swallowAll();
            Report report = system.examine(options -> options.port(proxy.port()));
            // What Redis says of its keys is lost in the same way; that is not known to be on.
            Finding finding = assertOnlyOf(report, "messages", Verdict.FAIL);
            assertThat(finding.found()).contains("none of 50 messages arrived", "answers");
        }
    }

    @Test
    void aSubscriberThatLosesAMessageNowAndThen() {
        try (HealthySystem system = HealthySystem.startPlain();
                Proxy proxy = Proxy.to(system.redis().port())) {
            proxy.swallow(20);
            assertThat(assertOnlyOf(system.examine(options -> options.port(proxy.port())), "messages", Verdict.FAIL)
                            .found())
                    .startsWith("49 of 50");
        }
    }

    // ---- the fleet

    @Test
    void aNodeThatLeft() {
        try (HealthySystem system = healthy()) {
            system.ook().leave("ook");
            assertThat(assertOnlyOf(system.examine(), "nodes", Verdict.WARN).found())
                    .startsWith("ook is offline since ");
        }
    }

    @Test
    void aWrongClockOfANode() {
        try (HealthySystem system = healthy()) {
            system.ook()
                    .updateNodeHealth(Samples.health("ook")
                            .lastHeartbeat(WireTime.now().plusSeconds(30))
                            .build());
            assertThat(assertOnlyOf(system.examine(), "node_clocks", Verdict.FAIL)
                            .found())
                    .startsWith("ook is ")
                    .endsWith(" ahead");
            system.ook()
                    .updateNodeHealth(Samples.health("ook")
                            .lastHeartbeat(WireTime.now().minusMillis(1_000))
                            .build());
            assertThat(assertOnlyOf(system.examine(), "node_clocks", Verdict.WARN)
                            .found())
                    .endsWith(" behind");
        }
    }

    @Test
    void nodesOfDifferentVersions() {
        try (HealthySystem system = healthy()) {
            says(system.hog(), "0.2.0");
            says(system.ook(), "0.2.0");
            assertThat(complaints(system.examine())).isEmpty();
            says(system.ook(), "0.1.0");
            assertThat(assertOnlyOf(system.examine(), "software_versions", Verdict.WARN)
                            .found())
                    .isEqualTo("0.1.0 on ook, 0.2.0 on hog");
        }
    }

    private static void says(StateManager node, String version) {
        node.updateNodeHealth(Samples.health(node.nodeId())
                .lastHeartbeat(WireTime.now())
                .softwareVersion(version)
                .build());
    }

    @Test
    void anOrphanedSession() {
        try (HealthySystem system = healthy()) {
            StateManager oop = StateManager.connect(
                    system.options("hog").sessionLease(Duration.ofMillis(100)).build());
            String session = oop.startStrokeSession(Samples.tattoo()).id();
            oop.close();
            // As if its writer had died a minute ago.
            system.redis()
                    .admin("HSET stroke:progress:" + session + " lease_until " + (System.currentTimeMillis() - 60_000));
            assertThat(assertOnlyOf(system.examine(), "sessions", Verdict.FAIL).found())
                    .contains(session, "of hog", "no sign of life for 1 min");
        }
    }

    @Test
    void aSessionThatAnOlderNodeAbandoned() {
        try (HealthySystem system = healthy()) {
            system.redis()
                    .admin(
                            "HSET stroke:progress:stroke_oop_1 progress {\"timestamp\":\"2026-01-01T00:00:00\",\"node_id\":\"oop\",\"is_executing\":true}",
                            "SADD index:sessions stroke_oop_1");
            assertThat(assertOnlyOf(system.examine(), "sessions", Verdict.WARN).found())
                    .contains("stroke_oop_1");
        }
    }

    @Test
    void anInvalidDocument() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("HSET robot:state:hog state {\"is_conn");
            assertThat(assertOnlyOf(system.examine(), "documents", Verdict.FAIL).found())
                    .contains("robot:state:hog", "not JSON");
            system.hog().updateRobotState(Samples.robot("hog").build());
            system.redis().admin("HSET node:health:ook health {}");
            assertThat(assertOnlyOf(system.examine(), "documents", Verdict.FAIL).found())
                    .contains("node:health:ook", "timestamp is required");
        }
    }

    @Test
    void anInvalidDocumentThatNoIndexLists() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("HSET stroke:progress:stroke_oop_1 progress {}");
            assertThat(assertOnlyOf(system.examineAsAdmin(), "documents", Verdict.FAIL)
                            .found())
                    .contains("stroke:progress:stroke_oop_1");
        }
    }

    @Test
    void anInvalidEvent() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("XADD events:log * channel system:events event {}");
            assertThat(assertOnlyOf(system.examine(), "events", Verdict.WARN).found())
                    .contains("system:events");
        }
    }

    @Test
    void aLogThatWasLost() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("DEL events:log");
            system.session().pause();
            assertOnlyOf(system.examine(), "event_log", Verdict.WARN);
        }
    }

    @Test
    void aLogThatIsTooShort() {
        try (HealthySystem system = healthy()) {
            for (int i = 0; i < 10_100; i++) {
                system.hog().publishEvent(Channels.SYSTEM_EVENTS, Samples.greeting("hog"));
            }
            assertThat(assertOnlyOf(system.examine(), "event_log", Verdict.WARN).found())
                    .contains("it is full");
        }
    }

    @Test
    void anIndexThatSomeoneChanged() {
        try (HealthySystem system = healthy()) {
            system.redis().admin("SREM index:nodes hog");
            assertThat(assertOnlyOf(system.examineAsAdmin(), "indexes", Verdict.WARN)
                            .found())
                    .contains("robot:state:hog");
            system.redis().admin("SADD index:nodes hog", "SADD index:nodes a*b");
            assertThat(assertOnlyOf(system.examine(), "indexes", Verdict.WARN).found())
                    .contains("a*b");
        }
    }

    // ---- while it is at work

    /** Does something to Redis as soon as this line is there. */
    private static Report examine(
            HealthySystem system, UnaryOperator<StateOptions.Builder> change, String line, Runnable fault) {
        return Doctor.examine(
                new Patient(
                        () -> change.apply(system.options("hog")),
                        true,
                        Map.of(),
                        List.of(),
                        null,
                        true,
                        InstantSource.system()),
                finding -> {
                    if (finding.check().equals(line)) {
                        fault.run();
                    }
                });
    }

    private static void assertEndsAt(Report report, String line) {
        assertThat(complaints(report, line)).containsOnlyKeys(line);
        assertThat(find(report, line).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(report.unreachable()).isTrue();
        assertThat(report.took()).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void redisFreezes() {
        try (HealthySystem system = healthy()) {
            assertEndsAt(examine(system, options -> options, "version", system.redis()::freeze), "latency");
            system.redis().thaw();
        }
    }

    @Test
    void redisDies() {
        try (HealthySystem system = healthy()) {
            assertEndsAt(examine(system, options -> options, "disk", system.redis()::kill), "latency");
        }
    }

    @Test
    void theNetworkHoldsBackWhatIsSent() {
        try (HealthySystem system = HealthySystem.startPlain();
                Proxy proxy = Proxy.to(system.redis().port())) {
            assertEndsAt(examine(system, options -> options.port(proxy.port()), "latency", proxy::hold), "clock");
        }
    }

    @Test
    void nonsenseComes() {
        try (HealthySystem system = HealthySystem.startPlain();
                Proxy proxy = Proxy.to(system.redis().port())) {
            assertEndsAt(
                    examine(
                            system,
                            options -> options.port(proxy.port()),
                            "disk",
                            () -> proxy.garbage(Proxy.Direction.TO_CLIENT)),
                    "latency");
        }
    }

    @Test
    void redisFreezesInTheRehearsal() {
        try (HealthySystem system = healthy()) {
            assertEndsAt(examine(system, options -> options, "stage", system.redis()::freeze), "session");
            system.redis().thaw();
        }
    }

    // ---- the rehearsal

    private static Report rehearse(HealthySystem system, String user) {
        return HealthySystem.examine(
                () -> system.options(user), List.of(), Map.of(), null, true, InstantSource.system());
    }

    /** Every key that is not the fleet's. */
    private static Set<String> scratchKeys(RedisServer redis) {
        try (Jedis jedis = redis.jedis()) {
            return jedis.keys("doctor_*");
        }
    }

    @Test
    void aWholeSessionThatLeavesNothing() {
        try (HealthySystem system = healthy()) {
            Map<String, String> before = fleet(system.redis());
            for (String user : List.of("hog", "ook", "eek-server", "admin")) {
                Report report = rehearse(system, user);
                assertThat(complaints(report)).as(user).isEmpty();
                assertThat(report.findings().stream()
                                .filter(finding -> finding.part() == Part.REHEARSAL)
                                .map(Finding::check))
                        .containsExactly(
                                "stage",
                                "session",
                                "session_events",
                                "mirror",
                                "late_joiner",
                                "update_to_viewer",
                                "update_rate",
                                "publisher",
                                "heartbeat",
                                "tidied_up");
                assertThat(scratchKeys(system.redis())).as(user).isEmpty();
            }
            assertThat(fleet(system.redis())).isEqualTo(before);
        }
    }

    /** What there is of the fleet: revisions of all documents, and the length of the log. */
    private static Map<String, String> fleet(RedisServer redis) {
        Map<String, String> fleet = new TreeMap<>();
        try (Jedis jedis = redis.jedis()) {
            for (String key : jedis.keys("*")) {
                if (jedis.type(key).equals("hash")) {
                    fleet.put(key, String.valueOf(jedis.hget(key, "rev")));
                }
            }
            fleet.put("events:log", Long.toString(jedis.xlen("events:log")));
        }
        return fleet;
    }

    @Test
    void whatAnEarlierRunLeftIsRemovedFirst() {
        try (HealthySystem system = healthy()) {
            StateOptions killed = system.options("hog").namespace("doctor_hog").build();
            try (StateManager state = StateManager.connect(killed)) {
                state.startStrokeSession(Samples.tattoo()).update(1, 1);
                state.updateRobotState(Samples.robot("hog").build());
                state.updateNodeHealth(Samples.health("hog").build());
            }
            int left = scratchKeys(system.redis()).size();
            assertThat(left).isGreaterThanOrEqualTo(8);
            Report report = rehearse(system, "hog");
            assertThat(find(report, "stage").found())
                    .isEqualTo("doctor_hog: removed " + left + " keys that an earlier run had left");
            assertThat(complaints(report)).isEmpty();
            assertThat(scratchKeys(system.redis())).isEmpty();
        }
    }

    @Test
    void aScratchNamespaceThatIsNotAllowed() {
        try (HealthySystem system = healthy()) {
            List<String> words = new ArrayList<>(
                    AclRules.of(Roles.packaged().role("robot"), "hog", "").words());
            words.removeIf(word -> word.contains("doctor_hog"));
            try (Jedis jedis = system.redis().jedis()) {
                jedis.aclSetUser("hog", words.toArray(String[]::new));
            }
            Report report = rehearse(system, "hog");
            assertThat(complaints(report)).containsOnlyKeys("rights", "stage");
            assertThat(scratchKeys(system.redis())).isEmpty();
        }
    }

    @Test
    void aRehearsalOverAPathThatLosesMessages() {
        try (HealthySystem system = HealthySystem.startPlain();
                Proxy proxy = Proxy.to(system.redis().port())) {
            proxy.swallowAll();
            Report report = HealthySystem.examine(
                    () -> system.options("hog").port(proxy.port()),
                    List.of(),
                    Map.of(),
                    null,
                    true,
                    InstantSource.system());
            assertThat(complaints(report)).containsKeys("messages", "mirror", "heartbeat");
            assertThat(scratchKeys(system.redis())).isEmpty();
        }
    }
}
