package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.faultkit.TlsFiles;
import ai.tatbot.state.model.WireTime;
import ai.tatbot.state.server.rights.AclRules;
import ai.tatbot.state.server.rights.Roles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/**
 * A Redis as it should be, with TLS, users and persistence; two nodes that live, and a session that one of them draws. What a test
 * breaks is its own.
 */
final class HealthySystem implements AutoCloseable {
    static final String PASSWORD = "hog-password";

    private final RedisServer redis;
    private final @Nullable TlsFiles files;
    private final StateManager hog;
    private final StateManager ook;
    private final StrokeSession session;

    private HealthySystem(@Nullable TlsFiles files, RedisServer redis) {
        this.files = files;
        this.redis = redis;
        Roles roles = Roles.packaged();
        addUser("hog", AclRules.of(roles.role("robot"), "hog", ""));
        addUser("ook", AclRules.of(roles.role("node"), "ook", ""));
        addUser("eek-server", AclRules.of(roles.role("server"), "eek-server", ""));
        addUser("admin", AclRules.all());
        this.hog = StateManager.connect(options("hog").build());
        this.ook = StateManager.connect(options("ook").build());
        beat(hog);
        beat(ook);
        hog.updateRobotState(Samples.robot("hog").build());
        this.session = hog.startStrokeSession(Samples.tattoo());
        session.update(3, 20);
    }

    static HealthySystem start(TlsFiles files, TlsFiles.Issued certificate, String... settings) {
        RedisServer redis = startRedis(files, certificate, settings);
        try {
            return new HealthySystem(files, redis);
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    /** Without TLS, so that a proxy can look into what passes. */
    static HealthySystem startPlain(String... settings) {
        RedisServer redis = RedisServer.start(settings(settings));
        try {
            return new HealthySystem(null, redis);
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    /** Its Redis alone. */
    static RedisServer startRedis(TlsFiles files, TlsFiles.Issued certificate, String... settings) {
        return RedisServer.startTls(files, certificate, settings(settings));
    }

    private static String[] settings(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "--tls-auth-clients",
                "no",
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
                "--maxmemory",
                "100mb",
                "--maxmemory-policy",
                "noeviction",
                "--notify-keyspace-events",
                "Egxe"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private void addUser(String name, AclRules rules) {
        List<String> words = new ArrayList<>(List.of("on", ">" + PASSWORD));
        words.addAll(rules.words());
        try (Jedis jedis = redis.jedis()) {
            jedis.aclSetUser(name, words.toArray(String[]::new));
        }
    }

    private static void beat(StateManager node) {
        node.updateNodeHealth(
                Samples.health(node.nodeId()).lastHeartbeat(WireTime.now()).build());
    }

    RedisServer redis() {
        return redis;
    }

    StateManager hog() {
        return hog;
    }

    StateManager ook() {
        return ook;
    }

    StrokeSession session() {
        return session;
    }

    /** Options of a node, with its own user. */
    StateOptions.Builder options(String node) {
        return redis.options()
                .host("localhost")
                .tlsCaFile(files == null ? null : files.ca())
                .username(node)
                .password(PASSWORD)
                .nodeId(node);
    }

    /** Examines as hog. */
    Report examine() {
        return examine(options -> options);
    }

    /** Examines as hog, with other options. */
    Report examine(UnaryOperator<StateOptions.Builder> change) {
        return examine(() -> change.apply(options("hog")), InstantSource.system());
    }

    /** Examines as hog, at another time. */
    Report examineAt(Duration fromNow) {
        return examine(() -> options("hog"), InstantSource.offset(InstantSource.system(), fromNow));
    }

    /** Examines as the administrator. */
    Report examineAsAdmin() {
        return examine(() -> options("admin").nodeId("eek"), InstantSource.system());
    }

    private static Report examine(Supplier<StateOptions.Builder> options, InstantSource clock) {
        return examine(options, List.of(), Map.of(), null, false, clock);
    }

    static Report examine(
            Supplier<StateOptions.Builder> options,
            List<Path> secrets,
            Map<String, String> environment,
            @Nullable String role,
            boolean deep,
            InstantSource clock) {
        return Doctor.examine(new Patient(options, true, environment, secrets, role, deep, clock), finding -> {});
    }

    @Override
    public void close() {
        hog.close();
        ook.close();
        redis.close();
    }
}
