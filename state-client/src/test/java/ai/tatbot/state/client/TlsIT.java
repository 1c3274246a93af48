package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.faultkit.Sentinels;
import ai.tatbot.state.client.faultkit.TlsFiles;
import ai.tatbot.state.model.Channels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with files as Redis takes them: both sides are verified, and what does not fit is named. */
class TlsIT {
    @TempDir
    static Path folder;

    private static TlsFiles files;
    private static TlsFiles.Issued server;
    private static TlsFiles.Issued client;
    private static RedisServer open;
    private static RedisServer mutual;

    @BeforeAll
    static void start() {
        files = TlsFiles.create(folder);
        server = files.server();
        client = files.client();
        open = RedisServer.startTls(files, server, "--tls-auth-clients", "no");
        mutual = RedisServer.startTls(files, server);
    }

    @AfterAll
    static void stop() {
        open.close();
        mutual.close();
    }

    @Test
    void theServerIsVerified() {
        assertWorks(open.options());
        assertWorks(open.options().host("localhost"));
        assertWorks(StateOptions.builder().url(open.url()).tlsCaFile(files.ca()));
    }

    @Test
    void bothAreVerified() {
        assertWorks(mutual.options().tlsClientCertificate(client.certificate(), client.key()));
        TlsFiles.Issued rsa = files.issue("rsa", "RSA");
        assertWorks(mutual.options().tlsClientCertificate(rsa.certificate(), rsa.key()));
    }

    private static void assertWorks(StateOptions.Builder options) {
        List<Integer> poses = new CopyOnWriteArrayList<>();
        try (StateManager state = StateManager.connect(options.nodeId("hog").build());
                StrokeSession session = state.startStrokeSession(Samples.tattoo())) {
            state.subscribe(Channels.STROKE_PROGRESS, event -> poses.add(event.poseIdx()));
            session.update(0, 7);
            Awaitility.await().until(() -> poses.contains(7));
            assertThat(state.strokeProgress(session.id()).orElseThrow().rev()).isEqualTo(session.revision());
        }
    }

    @Test
    void aClientWithoutACertificate() {
        // The answer of the server may be overtaken by the end of its connection.
        Awaitility.await().untilAsserted(() -> {
            StateException refused = refused(mutual.options());
            assertThat(refused.reason()).isEqualTo(Reason.DENIED);
            assertThat(refused).hasMessageContaining("REDIS_TLS_CERT_FILE");
        });
    }

    @Test
    void anotherAuthority(@TempDir Path other) {
        assertUntrusted(open.options().tlsCaFile(TlsFiles.create(other).ca()), "PKIX path");
        // Without a file, those that Java trusts.
        assertUntrusted(open.options().tlsCaFile(null), "PKIX path");
    }

    @Test
    void aClientOfAnotherAuthority(@TempDir Path other) {
        TlsFiles.Issued stranger = TlsFiles.create(other).client();
        // As above.
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                refused(mutual.options().tlsClientCertificate(stranger.certificate(), stranger.key()))
                                        .reason())
                        .isEqualTo(Reason.DENIED));
    }

    @Test
    void anotherHostName() {
        TlsFiles.Issued elsewhere = files.issue("elsewhere", "EC", "dns:eek.invalid");
        try (RedisServer redis = RedisServer.startTls(files, elsewhere, "--tls-auth-clients", "no")) {
            assertUntrusted(redis.options(), "No subject alternative names");
            assertUntrusted(redis.options().host("localhost"), "localhost");
        }
    }

    private static void assertUntrusted(StateOptions.Builder options, String why) {
        StateException refused = refused(options);
        assertThat(refused.reason()).isEqualTo(Reason.DENIED);
        assertThat(refused)
                .hasMessageContaining("no trusted TLS connection to ")
                .hasMessageContaining(why);
    }

    @Test
    void plainWhereThereIsTls() {
        for (RedisServer redis : List.of(open, mutual)) {
            StateException refused = refused(redis.options().tls(false));
            assertThat(refused.reason()).isEqualTo(Reason.MISCONFIGURED);
            assertThat(refused)
                    .hasMessage("connecting: 127.0.0.1:" + redis.port()
                            + " speaks TLS, and none was asked for. Use rediss:// (rediss-sentinel://).");
        }
    }

    @Test
    void aCutConnectionIsReplaced() {
        try (StateManager state =
                StateManager.connect(open.options().nodeId("hog").build())) {
            state.updateNodeHealth(Samples.health("hog").build());
            open.admin("CLIENT KILL TYPE normal SKIPME yes");
            state.updateNodeHealth(Samples.health("hog").build());
            assertThat(state.nodeHealth("hog")).isPresent();
        }
    }

    @Test
    void sentinelsOverTls() {
        try (Sentinels sentinels = Sentinels.startTls(files, server)) {
            StateOptions options = StateOptions.builder()
                    .url(sentinels.url())
                    .tlsCaFile(files.ca())
                    .tlsClientCertificate(client.certificate(), client.key())
                    .nodeId("hog")
                    .build();
            try (StateManager state = StateManager.connect(options)) {
                state.updateNodeHealth(Samples.health("hog").build());
                RedisServer old = sentinels.killPrimary();
                sentinels.awaitFailover(old);
                state.updateNodeHealth(Samples.health("hog").build());
                assertThat(state.nodeHealth("hog")).isPresent();
            }
        }
    }

    @Test
    void filesThatAreNoGood(@TempDir Path bad) throws IOException {
        Path empty = Files.writeString(bad.resolve("empty.pem"), "");
        Path nonsense = Files.writeString(
                bad.resolve("nonsense.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertNoGood(
                StateOptions.builder().tlsCaFile(bad.resolve("none.pem")), "cannot read " + bad.resolve("none.pem"));
        assertNoGood(StateOptions.builder().tlsCaFile(bad), "cannot read " + bad);
        assertNoGood(StateOptions.builder().tlsCaFile(empty), empty + " holds no certificate");
        assertNoGood(StateOptions.builder().tlsCaFile(nonsense), nonsense + " holds no certificate");
        assertNoGood(withKey(server.key()), server.key() + " is not the key of the first certificate in ");
        assertNoGood(withKey(client.certificate()), client.certificate() + " holds no key");
        assertNoGood(withKey(key(bad, "RSA PRIVATE KEY")), "BEGIN RSA PRIVATE KEY; PKCS #8");
        assertNoGood(withKey(key(bad, "EC PRIVATE KEY")), "openssl pkcs8 -topk8 -nocrypt");
        assertNoGood(withKey(key(bad, "ENCRYPTED PRIVATE KEY")), "has a password");
        assertNoGood(withKey(key(bad, "PRIVATE KEY")), "neither RSA nor EC");
    }

    private static StateOptions.Builder withKey(Path key) {
        return StateOptions.builder().tlsClientCertificate(client.certificate(), key);
    }

    private static Path key(Path folder, String kind) throws IOException {
        return Files.writeString(
                folder.resolve(kind.replace(' ', '-') + ".pem"),
                "-----BEGIN " + kind + "-----\nc2VjcmV0\n-----END " + kind + "-----\n");
    }

    private static void assertNoGood(StateOptions.Builder options, String message) {
        assertThatThrownBy(options::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("c2VjcmV0");
    }

    private static StateException refused(StateOptions.Builder options) {
        StateException refused = Assertions.catchThrowableOfType(
                StateException.class,
                () -> StateManager.connect(options.build()).close());
        assertThat(refused).as("the connection is refused").isNotNull();
        return refused;
    }
}
