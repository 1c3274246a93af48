package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Redis that lets nobody in, is not there, or stops: every call ends in time with a message that says what to do, recovers when
 * the Redis does, and shows no password.
 */
class UnreachableRedisIT {
    private static final String WRONG = "wrong-pass%word";
    private static final String LIMITED = "limited-password";

    private static RedisServer redis;

    private Secrets secrets;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void watch() {
        secrets = new Secrets(RedisServer.PASSWORD, WRONG, "wrong-pass%25word", LIMITED);
    }

    @AfterEach
    void noneSeen() {
        secrets.saw(options().build());
        secrets.close();
    }

    private static StateOptions.Builder options() {
        return redis.options().nodeId("hog").timeout(Duration.ofMillis(300)).retryAttempts(3);
    }

    @Test
    void theWrongPasswordOrNone() {
        String message =
                "connecting: " + address() + " refused the user or password. Check REDIS_USERNAME and REDIS_PASSWORD.";
        assertRefused(options().password(WRONG), Reason.DENIED, message);
        assertRefused(options().username("nobody"), Reason.DENIED, message);
        assertRefused(
                options().password(null),
                Reason.DENIED,
                "connecting: " + address() + " asks for a password, and none was given. Set REDIS_PASSWORD.");
        assertRefused(StateOptions.builder().url("redis://:wrong-pass%25word@" + address()), Reason.DENIED, message);
    }

    @Test
    void aPasswordWhereNoneIsNeededIsNoObstacle() {
        try (RedisServer open = RedisServer.start("--requirepass", "");
                StateManager state = StateManager.connect(open.options().build())) {
            assertThat(state.robotState("hog")).isEmpty();
        }
    }

    @Test
    void aRightIsMissing() {
        redis.admin("ACL SETUSER limited on >" + LIMITED + " ~* &* +ping");
        try (StateManager state = StateManager.connect(
                options().username("limited").password(LIMITED).build())) {
            StateException refused = refused(() -> state.robotState("hog"));
            assertThat(refused.reason()).isEqualTo(Reason.DENIED);
            assertThat(refused.getMessage())
                    .matches(
                            "reading robot:state:hog: this Redis user lacks a right: this user has no permissions to run the"
                                    + " 'hmget' command( or its subcommand)?\\. Nothing was stored\\. Grant it, or use the user meant for this"
                                    + " node\\.");
            assertThat(refused(() -> state.subscribe(Channels.ROBOT_EVENTS, event -> {}))
                            .reason())
                    .isEqualTo(Reason.DENIED);
        }
    }

    @Test
    void aClosedPort() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertRefused(
                options().port(port),
                Reason.UNAVAILABLE,
                "connecting: cannot connect to Redis at 127.0.0.1:" + port
                        + ". Is it running, and are REDIS_URL or REDIS_HOST and REDIS_PORT right?");
    }

    @Test
    void anUnknownHost() {
        assertRefused(
                options().host("no-such-host.invalid"),
                Reason.UNAVAILABLE,
                "connecting: cannot connect to Redis at no-such-host.invalid:" + redis.port()
                        + ". Is it running, and are REDIS_URL or REDIS_HOST and REDIS_PORT right?");
    }

    @Test
    void somethingThatSpeaksHttp() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        http.start();
        try {
            assertNotRedis(http.getAddress().getPort());
        } finally {
            http.stop(0);
        }
    }

    @Test
    void somethingThatSaysNothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    options().port(silent.getLocalPort()),
                    Reason.TIMEOUT,
                    "connecting: 127.0.0.1:" + silent.getLocalPort()
                            + " did not answer in time; nothing was sent. Is it frozen, or the network slow?");
        }
    }

    @Test
    void tlsWhereNoneWasAskedForAndTheOtherWayRound(@TempDir Path folder) throws Exception {
        try (ServerSocket tls = tlsServer(folder)) {
            assertRefused(
                    options().port(tls.getLocalPort()),
                    Reason.MISCONFIGURED,
                    "connecting: 127.0.0.1:" + tls.getLocalPort()
                            + " speaks TLS, and none was asked for. Use rediss:// (rediss-sentinel://).");
            StateException untrusted =
                    refused(options().port(tls.getLocalPort()).tls(true).timeout(Duration.ofSeconds(2)));
            assertThat(untrusted.reason()).isEqualTo(Reason.DENIED);
            assertThat(untrusted.getMessage())
                    .matches(
                            "connecting: no trusted TLS connection to 127\\.0\\.0\\.1:[0-9]+: .*PKIX path building failed.*\\. Check"
                                    + " the certificates: the server's against REDIS_TLS_CA_FILE, ours in REDIS_TLS_CERT_FILE\\.");
        }
        assertRefused(
                options().tls(true),
                Reason.MISCONFIGURED,
                "connecting: " + address()
                        + " speaks no TLS. Use redis:// (redis-sentinel://), or the port that speaks TLS.");
    }

    @Test
    void aFrozenRedisTimesOutAndRecovers() {
        try (StateManager state = StateManager.connect(options().build())) {
            StrokeSession session = state.startStrokeSession(Samples.tattoo());
            redis.freeze();
            try {
                assertTimesOut(
                        () -> state.robotState("hog"),
                        "reading robot:state:hog: " + address() + " did not answer in time.");
                assertTimesOut(
                        () -> session.update(1, 1),
                        "writing stroke:progress:" + session.id() + ": " + address()
                                + " did not answer in time; nothing was sent. Is it frozen, or the network slow?");
            } finally {
                redis.thaw();
            }
            assertThat(state.strokeProgress(session.id())).isPresent();
            long revision = session.update(2, 2);
            assertThat(state.strokeProgress(session.id()).orElseThrow().rev()).isEqualTo(revision);
        }
    }

    @Test
    void aThreadThatIsInterruptedWhileItWaitsForAConnectionSaysSo() throws Exception {
        try (StateManager state = StateManager.connect(
                options().timeout(Duration.ofSeconds(10)).maxConnections(1).build())) {
            assertThat(state.robotState("hog")).isEmpty();
            FutureTask<Boolean> holder =
                    new FutureTask<>(() -> state.robotState("hog").isEmpty());
            AtomicBoolean flag = new AtomicBoolean();
            FutureTask<StateException> waiter = new FutureTask<>(() -> {
                StateException refused = refused(() -> state.robotState("hog"));
                flag.set(Thread.currentThread().isInterrupted());
                return refused;
            });
            Thread waiting = new Thread(waiter, "waiter");
            redis.freeze();
            try {
                Thread holding = new Thread(holder, "holder");
                holding.start();
                Awaitility.await().until(() -> isIn(holding, "java.net.Socket"));
                waiting.start();
                Awaitility.await().until(() -> isIn(waiting, "org.apache.commons.pool2"));
                waiting.interrupt();
                StateException refused = waiter.get(5, TimeUnit.SECONDS);
                assertThat(refused.reason()).isEqualTo(Reason.INTERRUPTED);
                assertThat(refused)
                        .hasMessage("reading robot:state:hog: the thread was interrupted while it waited for a"
                                + " connection; nothing was sent");
                assertThat(flag).isTrue();
            } finally {
                redis.thaw();
            }
            assertThat(holder.get(5, TimeUnit.SECONDS)).isTrue();
            assertThat(state.robotState("hog")).isEmpty();
        }
    }

    private static boolean isIn(Thread thread, String classes) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(classes));
    }

    @Test
    void aWriteWhoseAnswerIsLostSaysSo() {
        try (StateManager state = StateManager.connect(options().build())) {
            StrokeSession session = state.startStrokeSession(Samples.tattoo());
            redis.freeze();
            try {
                assertTimesOut(
                        () -> session.update(1, 1),
                        "writing stroke:progress:" + session.id() + ": " + address()
                                + " did not answer in time. It is not known whether this was stored.");
            } finally {
                redis.thaw();
            }
            session.end();
            assertThat(state.systemStatus().activeSessions()).isEmpty();
        }
    }

    @Test
    void aRedisThatIsKilledAndStartedAgain() {
        try (StateManager state = StateManager.connect(options().build())) {
            StrokeSession session = state.startStrokeSession(Samples.tattoo());
            redis.kill();
            StateException away = refused(() -> state.robotState("hog"));
            assertThat(away.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(away)
                    .hasMessage("reading robot:state:hog: cannot connect to Redis at " + address()
                            + ". Is it running, and are REDIS_URL or REDIS_HOST and REDIS_PORT right?");
            assertThat(refused(() -> session.update(1, 1)).reason()).isEqualTo(Reason.UNAVAILABLE);

            redis.restart();
            // Without its data, and without our scripts.
            assertThat(state.robotState("hog")).isEmpty();
            long revision = session.update(2, 2);
            assertThat(state.strokeProgress(session.id()).orElseThrow().rev()).isEqualTo(revision);
            session.pause();
            session.end();
            state.startStrokeSession(Samples.tattoo()).end();
        }
    }

    @Test
    void readsSurviveARestartThatNobodyNoticed() {
        try (StateManager state = StateManager.connect(options().build())) {
            state.updateNodeHealth(Samples.health("hog").build());
            redis.kill();
            redis.restart();
            assertThat(state.nodeHealth("hog")).isEmpty();
        }
        try (StateManager state = StateManager.connect(options().build())) {
            redis.kill();
            redis.restart();
            // An update that tells nothing twice is repeated on a new connection.
            state.updateNodeHealth(Samples.health("hog").build());
            assertThat(state.nodeHealth("hog")).isPresent();
        }
    }

    @Test
    void aBusyRedisSaysSoAndRecovers() throws Exception {
        redis.admin("CONFIG SET lua-time-limit 50");
        try (StateManager state = StateManager.connect(options().build());
                Socket stuck = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
            String script = "AUTH " + RedisServer.PASSWORD + "\r\nEVAL \"while true do end\" 0\r\n";
            stuck.getOutputStream().write(script.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            StateException busy = Awaitility.await()
                    .atMost(5, TimeUnit.SECONDS)
                    .until(() -> refused(() -> state.robotState("hog")), e -> e.reason() == Reason.BUSY);
            assertThat(busy.getMessage())
                    .startsWith("reading robot:state:hog: " + address() + " is not ready: BUSY ")
                    .endsWith(". Try again soon.");
            redis.admin("SCRIPT KILL");
            assertThat(state.robotState("hog")).isEmpty();
        }
    }

    @Test
    void aClosedManagerSaysSo() {
        StateManager state = StateManager.connect(options().build());
        StrokeSession session = state.startStrokeSession(Samples.tattoo());
        state.close();
        state.close();
        String message = "this StateManager is closed; make a new one with StateManager.connect";
        for (Runnable call : java.util.List.<Runnable>of(
                () -> state.robotState("hog"),
                () -> session.update(1, 1),
                () -> state.subscribe(Channels.ROBOT_EVENTS, event -> {}))) {
            StateException closed = refused(call);
            assertThat(closed.reason()).isEqualTo(Reason.CLOSED);
            assertThat(closed).hasMessage(message);
        }
    }

    private String address() {
        return "127.0.0.1:" + redis.port();
    }

    private void assertNotRedis(int port) {
        assertRefused(
                options().port(port),
                Reason.MISCONFIGURED,
                "connecting: what listens at 127.0.0.1:" + port + " is not Redis. Check host and port.");
    }

    private void assertRefused(StateOptions.Builder options, Reason reason, String message) {
        StateException refused = refused(options);
        assertThat(refused).hasMessage(message);
        assertThat(refused.reason()).isEqualTo(reason);
    }

    private StateException refused(StateOptions.Builder builder) {
        StateOptions options = builder.build();
        secrets.saw(options);
        return refused(() -> StateManager.connect(options).close());
    }

    private void assertTimesOut(Runnable call, String message) {
        StateException late = refused(call);
        assertThat(late).hasMessage(message);
        assertThat(late.reason()).isEqualTo(Reason.TIMEOUT);
    }

    /** Fails if the call does not, or if it takes longer than the waits that the options allow for. */
    private StateException refused(Runnable call) {
        long start = System.nanoTime();
        StateException refused = Assertions.catchThrowableOfType(StateException.class, call::run);
        assertThat(refused).as("the call is refused").isNotNull();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("time").isLessThan(Duration.ofSeconds(3));
        secrets.saw(refused);
        return refused;
    }

    /** Greets everyone with a certificate that nobody trusts, and then says nothing. */
    private static ServerSocket tlsServer(Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process made = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "redis",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "store-password",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(made.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "store-password".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "store-password".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        ServerSocket server =
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // A handshake that failed, or the end of the test.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }
}
