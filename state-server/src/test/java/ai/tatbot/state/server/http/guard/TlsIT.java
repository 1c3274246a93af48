package ai.tatbot.state.server.http.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.tatbot.state.client.faultkit.TlsFiles;
import ai.tatbot.state.client.faultkit.TlsFiles.Issued;
import ai.tatbot.state.client.internal.TlsContext;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.TokenStore;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.testkit.RawHttp;
import ai.tatbot.state.server.testkit.RequestText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS by PEM files. */
class TlsIT {
    private static TlsFiles authority;
    private static Issued first;

    private final Path folder;
    private final Path certificate;
    private final Path key;

    TlsIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.certificate = folder.resolve("used.crt");
        this.key = folder.resolve("used.key");
        use(first);
    }

    @BeforeAll
    static void makeAuthority(@TempDir Path folder) {
        authority = TlsFiles.create(folder);
        first = authority.server();
    }

    private void use(Issued issued) throws IOException {
        Files.copy(issued.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(issued.key(), key, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    private ServerOptions.Builder options() {
        return ServerOptions.builder().tls(certificate, key);
    }

    private SSLSocket connect(GuardedServer server, String... protocols) {
        try {
            SSLSocket socket = (SSLSocket) TlsContext.load(authority.ca(), null, null)
                    .orElseThrow()
                    .getSocketFactory()
                    .createSocket("127.0.0.1", server.port());
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
            socket.setSoTimeout(15_000);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RawHttp.Answer send(GuardedServer server, RequestText request) {
        try (RawHttp http = RawHttp.over(connect(server))) {
            return http.send(request.text()).answer();
        }
    }

    private String subject(GuardedServer server) {
        try (SSLSocket socket = connect(server)) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long daysLeft(GuardedServer server) {
        Instant expiry = server.listener().certificateExpiry().orElseThrow();
        return Math.round(Duration.between(Instant.now(), expiry).toHours() / 24.0);
    }

    @Test
    void answersAreEncryptedAndSayThatTheyStaySo() {
        try (GuardedServer server = GuardedServer.start(options())) {
            RawHttp.Answer answer = send(server, new RequestText(server.port(), "GET /api/v1/state/a"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Strict-Transport-Security")).contains("max-age=31536000");
            String own = "127.0.0.1:" + server.port();
            assertThat(send(
                                    server,
                                    new RequestText(server.port(), "POST /api/v1/events")
                                            .header("Origin", "https://" + own)
                                            .json("{}"))
                            .status())
                    .isEqualTo(200);
            assertThat(send(
                                    server,
                                    new RequestText(server.port(), "POST /api/v1/events")
                                            .header("Origin", "http://" + own)
                                            .json("{}"))
                            .status())
                    .isEqualTo(403);
            assertThat(send(server, new RequestText(server.port(), "GET /").host("evil.test"))
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void thePagesCookieIsForTlsOnly() {
        Path tokens = folder.resolve("tokens");
        String token = new TokenStore(tokens).add("ook", Set.of(Scope.READ), null);
        try (GuardedServer server = GuardedServer.start(options().tokens(tokens))) {
            RawHttp.Answer answer =
                    send(server, new RequestText(server.port(), "POST /login").json("{\"token\":\"" + token + "\"}"));
            assertThat(answer.header("Set-Cookie").orElse("")).endsWith("; HttpOnly; SameSite=Strict; Secure");
        }
    }

    @Test
    void oldVersionsArePutOff() throws IOException {
        try (GuardedServer server = GuardedServer.start(options())) {
            try (SSLSocket socket = connect(server, "TLSv1.2")) {
                assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
            }
            try (SSLSocket socket = connect(server)) {
                assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            }
            assertThatThrownBy(() -> connect(server, "TLSv1.1").close()).hasCauseInstanceOf(SSLException.class);
        }
    }

    @Test
    void plainHttpGetsNothing() {
        try (GuardedServer server = GuardedServer.start(options());
                RawHttp http = RawHttp.connect(server.port())) {
            http.send(new RequestText(server.port(), "GET /").text());
            assertThat(http.tryAnswer().map(RawHttp.Answer::status).orElse(0)).isNotEqualTo(200);
        }
    }

    @Test
    void aSlowHandshakeIsCutOff() {
        try (GuardedServer server = GuardedServer.start(options());
                RawHttp http = RawHttp.connect(server.port())) {
            long begin = System.nanoTime();
            http.send(new byte[] {22, 3, 1, 2, 0});
            assertThat(http.isClosedByServer()).isTrue();
            assertThat((System.nanoTime() - begin) / 1_000_000_000L).isLessThan(14);
        }
    }

    @Test
    void aNewCertificateIsUsedWithoutARestart() throws IOException {
        try (GuardedServer server = GuardedServer.start(options())) {
            assertThat(subject(server)).isEqualTo("CN=server");
            assertThat(daysLeft(server)).isEqualTo(90);
            use(authority.issue("renewed", "RSA", 30, "ip:127.0.0.1"));
            await().atMost(Duration.ofSeconds(15)).until(() -> subject(server).equals("CN=renewed"));
            await().until(() -> daysLeft(server) == 30);
            Files.writeString(key, "nonsense");
            await().during(Duration.ofSeconds(6))
                    .atMost(Duration.ofSeconds(8))
                    .until(() -> subject(server).equals("CN=renewed"));
        }
    }

    @Test
    void filesThatAreNoGoodAreNamedAtTheStart() throws IOException {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> GuardedServer.start(options()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("everyone on this machine can read the key in " + key + "; do: chmod o-rwx " + key);
        Files.delete(key);
        assertThatThrownBy(() -> GuardedServer.start(options()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cannot read " + key);
        Files.writeString(key, "x");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> GuardedServer.start(options()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key + " holds no key");
    }
}
