package ai.tatbot.state.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.faultkit.RedisContainer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.faultkit.TlsFiles;
import ai.tatbot.state.client.faultkit.TlsFiles.Issued;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server beside a Redis as it is in production: in a container, TLS only, the default user off, users from a file. */
@Tag("container")
class ReadyContainerIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String CONFIGURATION = """
            port 0
            tls-port 6379
            tls-cert-file /etc/redis/server.crt
            tls-key-file /etc/redis/server.key
            tls-ca-cert-file /etc/redis/ca.crt
            tls-auth-clients no
            aclfile /etc/redis/users.acl
            appendonly yes
            dir /data
            maxmemory 100mb
            maxmemory-policy noeviction
            """;
    private static final String USERS = """
            user default off
            user eek-server on >server-secret ~* &* +@all -@dangerous +info -@admin
            user hog on >hog-secret ~* &* +@all -@dangerous -@admin
            """;

    @TempDir
    private static Path folder;

    private static TlsFiles authority;
    private static RedisContainer redis;
    private static StateServer server;

    @BeforeAll
    static void start() throws IOException {
        authority = TlsFiles.create(folder);
        Issued certificate = authority.server();
        redis = RedisContainer.startConfigured(Map.of(
                "redis.conf", CONFIGURATION,
                "users.acl", USERS,
                "server.crt", Files.readString(certificate.certificate()),
                "server.key", Files.readString(certificate.key()),
                "ca.crt", Files.readString(authority.ca())));
        server = StateServer.start(options("eek-server", "server-secret"), ServerOptions.loopback(0));
    }

    @AfterAll
    static void stop() {
        server.close();
        redis.close();
    }

    private static StateOptions.Builder options(String user, String password) {
        return StateOptions.builder()
                .host("127.0.0.1")
                .port(redis.port())
                .tls(true)
                .tlsCaFile(authority.ca())
                .username(user)
                .password(password)
                .nodeId(user);
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static ConditionFactory within(int seconds) {
        return Awaitility.await().atMost(Duration.ofSeconds(seconds)).pollInterval(Duration.ofMillis(20));
    }

    private static void becomesReady() {
        within(20).until(() -> get("/readyz").statusCode() == 200);
    }

    @Test
    void whatARobotWritesAsItsOwnUserIsServed() throws Exception {
        becomesReady();
        try (StateManager hog =
                StateManager.connect(options("hog", "hog-secret").build())) {
            hog.updateRobotState(
                    Samples.robot("hog").currentPose("in-a-container").build());
        }
        within(5).until(() -> get("/api/v1/state/robot:state:hog").body().contains("in-a-container"));
        assertThat(get("/metrics").body()).contains("tatbot_redis_memory_max_bytes 1.048576E8");
    }

    @Test
    void nobodyGetsInAsTheDefaultUser() {
        StateException refused = Assertions.catchThrowableOfType(
                StateException.class,
                () -> StateManager.connect(options("default", "anything").build()));
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(StateException.Reason.DENIED);
    }

    @Test
    void notReadyWhileTheContainerIsPaused() throws Exception {
        becomesReady();
        redis.freeze();
        try {
            within(5).until(() -> get("/readyz").statusCode() == 503);
            assertThat(get("/healthz").statusCode()).isEqualTo(200);
        } finally {
            redis.thaw();
        }
        becomesReady();
    }

    @Test
    void readyAgainAfterTheContainerWasKilled() throws Exception {
        becomesReady();
        redis.kill();
        within(5).until(() -> get("/readyz").statusCode() == 503);
        redis.restart();
        becomesReady();
    }
}
