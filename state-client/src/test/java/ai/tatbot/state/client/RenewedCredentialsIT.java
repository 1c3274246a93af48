package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.async.AsyncStateManager;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Replaced;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.faultkit.Sentinels;
import ai.tatbot.state.client.faultkit.TlsFiles;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionPause;
import ai.tatbot.state.model.SessionResume;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password is rotated, certificates and their authority are renewed, and no program is started again for that. */
class RenewedCredentialsIT {
    private static final String OLD = "old-pass%word";
    private static final String NEW = "new-pass%word";
    private static final String HOG = "hog";
    private static final String OOK = "ook";
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2025-08-18T20:09:37Z"));

    @TempDir
    Path folder;

    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private Secrets secrets;
    private TlsFiles authority;
    private RedisServer redis;

    @BeforeEach
    void start() throws IOException {
        secrets = new Secrets(OLD, NEW, "PRIVATE KEY");
        authority = TlsFiles.create(Files.createDirectory(folder.resolve("authority")));
        install("redis", authority, authority.server());
        install("node", authority, authority.client());
        TlsFiles.Issued certificate = new TlsFiles.Issued(file("redis", "crt"), file("redis", "key"));
        redis = RedisServer.startTls(
                authority,
                certificate,
                "--tls-ca-cert-file",
                file("redis", "ca").toString());
        for (String user : List.of(HOG, OOK)) {
            redis.admin("ACL SETUSER " + user + " on >" + OLD + " ~* &* +@all");
            Replaced.by(file(user, "password"), OLD + "\n");
        }
    }

    @AfterEach
    void stop() {
        redis.close();
        problems.forEach(secrets::saw);
        secrets.close();
    }

    private Path file(String owner, String kind) {
        return folder.resolve(owner + "." + kind);
    }

    private void install(String owner, TlsFiles trusted, TlsFiles.Issued issued) {
        Replaced.by(file(owner, "ca"), trusted.ca());
        Replaced.by(file(owner, "crt"), issued.certificate());
        Replaced.by(file(owner, "key"), issued.key());
    }

    private StateOptions.Builder options(String user) {
        return redis.options()
                .username(user)
                .passwordFile(file(user, "password"))
                .tlsCaFile(file("node", "ca"))
                .tlsClientCertificate(file("node", "crt"), file("node", "key"))
                .nodeId(user)
                // A machine that is busy shakes hands slowly, and that is no matter here.
                .connectTimeout(Duration.ofSeconds(2))
                .timeout(Duration.ofSeconds(5))
                .problemListener(problems::add);
    }

    /** Whoever is connected as this user must log in again. */
    private void kill(String... users) {
        for (String user : users) {
            redis.admin("CLIENT KILL USER " + user);
        }
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
    }

    // ---- everybody at once

    @Test
    void everyKindOfWriterGoesOn() throws IOException {
        try (StateManager blocking = StateManager.connect(options(HOG).build());
                StateManager offering = StateManager.connect(options(HOG).build());
                AsyncStateManager async = AsyncStateManager.connect(options(HOG).build())
                        .toCompletableFuture()
                        .join();
                StateManager viewer = StateManager.connect(options(OOK).build())) {
            StateMirror mirror = viewer.mirror();
            Recorder seen = new Recorder();
            mirror.watch().listen(seen);
            try (SteadyWriter stroke = SteadyWriter.of(blocking.startStrokeSession(Samples.tattoo()));
                    SteadyWriter published = SteadyWriter.of(
                            offering.publisher(), offering.publisher().startStrokeSession(Samples.tattoo()));
                    SteadyWriter pipelined = SteadyWriter.of(async.startStrokeSession(Samples.tattoo())
                            .toCompletableFuture()
                            .join())) {
                List<SteadyWriter> writers = List.of(stroke, published, pipelined);
                goOn(writers, mirror);

                rotatePasswords();
                goOn(writers, mirror);
                assertThat(refused(options(HOG).password(OLD)).reason()).isEqualTo(Reason.DENIED);

                renewCertificateOfRedis();
                goOn(writers, mirror);
                renewAuthority(() -> goOn(writers, mirror));
                goOn(writers, mirror);

                writers.forEach(SteadyWriter::stop);
                for (SteadyWriter writer : writers) {
                    assertNothingLost(writer, viewer);
                    await("the mirror shows " + writer)
                            .until(() -> mirror.isLive() && poseOf(mirror, writer) == writer.last());
                }
                writers.forEach(SteadyWriter::end);
                for (SteadyWriter writer : writers) {
                    assertEachTransitionOnce(writer, seen);
                }
                assertThat(seen.lost).isEmpty();
            }
        }
        assertThat(problems)
                .as("nothing but broken connections")
                .allSatisfy(problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.DISCONNECTED));
    }

    /** Waits until all are writing, over the connections of now; then each pauses and goes on. */
    private void goOn(List<SteadyWriter> writers, StateMirror mirror) {
        for (SteadyWriter writer : writers) {
            int pose = writer.offered();
            await("the mirror follows " + writer).until(() -> mirror.isLive() && poseOf(mirror, writer) > pose + 10);
            writer.pauseAndResume();
        }
    }

    private static int poseOf(StateMirror mirror, SteadyWriter writer) {
        return mirror.strokeProgress(writer.id())
                .map(session -> session.value().poseIdx())
                .orElse(-1);
    }

    private void rotatePasswords() {
        for (String user : List.of(HOG, OOK)) {
            redis.admin("ACL SETUSER " + user + " >" + NEW);
            Replaced.by(file(user, "password"), NEW + "\n");
            redis.admin("ACL SETUSER " + user + " <" + OLD);
        }
        kill(HOG, OOK);
    }

    private void renewCertificateOfRedis() {
        install("redis", authority, authority.issue("renewed", "EC", "dns:localhost", "ip:127.0.0.1"));
        readTlsFilesAgain();
        kill(HOG, OOK);
    }

    /** First both are trusted, then the new one has issued everything, then the old one is trusted no more. */
    private void renewAuthority(Runnable inBetween) throws IOException {
        TlsFiles next = TlsFiles.create(Files.createDirectory(folder.resolve("next-authority")));
        for (String owner : List.of("redis", "node")) {
            Replaced.by(file(owner, "ca"), authority.ca(), next.ca());
        }
        readTlsFilesAgain();
        kill(HOG, OOK);
        inBetween.run();

        for (TlsFiles.Issued issued : List.of(next.server(), next.client())) {
            String owner = issued.certificate().endsWith("server.crt") ? "redis" : "node";
            Replaced.by(file(owner, "crt"), issued.certificate());
            Replaced.by(file(owner, "key"), issued.key());
        }
        readTlsFilesAgain();
        kill(HOG, OOK);
        inBetween.run();

        for (String owner : List.of("redis", "node")) {
            Replaced.by(file(owner, "ca"), next.ca());
        }
        readTlsFilesAgain();
        kill(HOG, OOK);
    }

    /** Redis does it when one of the names is set, be it to what it was. */
    private void readTlsFilesAgain() {
        redis.admin("CONFIG SET tls-cert-file " + file("redis", "crt"));
    }

    private void assertNothingLost(SteadyWriter writer, StateManager reader) {
        Versioned<StrokeProgress> stored = reader.strokeProgress(writer.id()).orElseThrow();
        assertThat(stored.value().poseIdx()).as(writer + " ended at").isEqualTo(writer.last());
        writer.revision().ifPresent(revision -> assertThat(stored.rev()).isEqualTo(revision));
        assertThat(reader.strokeHistory(writer.id(), 10_000))
                .extracting(HistoryEntry::poseIdx)
                .as("history of " + writer)
                .containsAll(writer.confirmed());
        assertThat(writer.refusals())
                .as("refusals of " + writer)
                .allSatisfy(refused -> assertThat(refused.reason()).isIn(Reason.UNAVAILABLE, Reason.TIMEOUT));
    }

    private void assertEachTransitionOnce(SteadyWriter writer, Recorder seen) {
        List<String> expected = new ArrayList<>(List.of("session_start"));
        for (int i = 0; i < writer.pauses(); i++) {
            expected.addAll(List.of("session_pause", "session_resume"));
        }
        expected.add("session_end");
        String[] types = expected.stream().distinct().toArray(String[]::new);
        assertThat(Log.logged(redis, types).stream()
                        .filter(event -> writer.id().equals(sessionOf(event)))
                        .map(Event::type))
                .as("logged of " + writer)
                .isEqualTo(expected);
        await("the viewer has heard all of " + writer)
                .untilAsserted(() -> assertThat(seen.transitions.stream()
                                .map(StateTransition::event)
                                .filter(event -> writer.id().equals(sessionOf(event)))
                                .map(Event::type))
                        .isEqualTo(expected));
    }

    private static String sessionOf(Event event) {
        if (event instanceof SessionStart start) {
            return start.sessionId();
        }
        if (event instanceof SessionPause pause) {
            return pause.sessionId();
        }
        if (event instanceof SessionResume resume) {
            return resume.sessionId();
        }
        return event instanceof SessionEnd end ? end.sessionId() : "";
    }

    // ---- what can go wrong with a file

    @Test
    void aPasswordFileThatIsBeingReplacedKeepsTheLastPassword() throws IOException {
        Path file = file(HOG, "password");
        try (StateManager state = StateManager.connect(options(HOG).build())) {
            Files.writeString(file, "");
            logInAgain(state);
            logInAgain(state);
            Files.delete(file);
            logInAgain(state);
            logInAgain(state);
            assertThat(problems)
                    .extracting(Problem::message)
                    .containsExactly(
                            file + " is empty; its first line must be the password; what was read there before is used"
                                    + " until that is mended.",
                            "cannot look at " + file
                                    + " (NoSuchFileException); what was read there before is used until that is mended.");
            redis.admin("ACL SETUSER hog >" + NEW + " <" + OLD);
            Replaced.by(file, NEW + "\n");
            logInAgain(state);
        }
    }

    private void logInAgain(StateManager state) {
        kill(HOG);
        state.updateNodeHealth(Samples.health(HOG).build());
    }

    @Test
    void aRefusedPasswordIsLookedForAtOnceThoughTheFileSeemsTheSame() throws IOException {
        Path file = file(HOG, "password");
        Files.setLastModifiedTime(file, LONG_AGO);
        try (StateManager state = StateManager.connect(options(HOG).build());
                AsyncStateManager async = AsyncStateManager.connect(options(HOG).build())
                        .toCompletableFuture()
                        .join()) {
            redis.admin("ACL SETUSER hog >" + NEW + " <" + OLD);
            Files.writeString(file, NEW + "\n");
            Files.setLastModifiedTime(file, LONG_AGO);
            // On a connection of its own; if the first attempt fails, this does.
            state.subscribe(Channels.ROBOT_EVENTS, event -> {});
            kill(HOG);
            assertThat(state.nodeHealth(HOG)).isEmpty();
            await("the pipeline").until(() -> answers(async));
        }
    }

    @Test
    void aPasswordThatComesLateIsFound() {
        try (StateManager state = StateManager.connect(options(HOG).build());
                StateManager viewer = StateManager.connect(options(OOK).build())) {
            StateMirror mirror = viewer.mirror();
            await("the mirror").until(mirror::isLive);
            redis.admin("ACL SETUSER hog >" + NEW + " <" + OLD, "ACL SETUSER ook >" + NEW + " <" + OLD);
            kill(HOG, OOK);
            StateException denied = Assertions.catchThrowableOfType(
                    StateException.class,
                    () -> state.updateNodeHealth(Samples.health(HOG).build()));
            assertThat(denied.reason()).isEqualTo(Reason.DENIED);
            await("the mirror's end").until(() -> !mirror.isLive());
            Replaced.by(file(HOG, "password"), NEW);
            Replaced.by(file(OOK, "password"), NEW);
            state.updateNodeHealth(Samples.health(HOG).build());
            await("the mirror")
                    .until(() -> mirror.isLive() && mirror.nodeHealth(HOG).isPresent());
        }
    }

    @Test
    void aPasswordThatWasGivenStays() {
        try (StateManager state =
                StateManager.connect(options(HOG).password(OLD).build())) {
            rotatePasswords();
            StateException denied = Assertions.catchThrowableOfType(StateException.class, () -> state.nodeHealth(HOG));
            assertThat(denied.reason()).isEqualTo(Reason.DENIED);
        }
    }

    @Test
    void aCertificateThatIsNoGoodLeavesTheLastOneInForce() {
        try (StateManager state = StateManager.connect(options(HOG).build());
                AsyncStateManager async = AsyncStateManager.connect(options(HOG).build())
                        .toCompletableFuture()
                        .join()) {
            TlsFiles.Issued other = authority.issue("other", "RSA");
            // As when the second file has not been replaced yet.
            Replaced.by(file("node", "crt"), other.certificate());
            for (int i = 0; i < 3; i++) {
                logInAgain(state);
                await("the pipeline").until(() -> answers(async));
            }
            assertThat(problems)
                    .filteredOn(problem -> problem.kind() == Problem.Kind.SIDE_EFFECT_FAILED)
                    .as("one for each manager")
                    .hasSize(2)
                    .allSatisfy(problem -> {
                        assertThat(problem.source())
                                .isEqualTo(
                                        file("node", "ca") + ", " + file("node", "crt") + ", " + file("node", "key"));
                        assertThat(problem.message())
                                .isEqualTo(file("node", "key") + " is not the key of the first certificate in "
                                        + file("node", "crt")
                                        + "; what was read there before is used until that is mended.");
                    });
            Replaced.by(file("node", "key"), other.key());
            logInAgain(state);
        }
    }

    @Test
    void thePasswordOfTheSentinelsIsReadAgainToo() {
        Path file = Replaced.by(file("sentinels", "password"), OLD);
        try (Sentinels sentinels = Sentinels.start()) {
            sentinels.admin("ACL SETUSER watcher on >" + OLD + " +@all");
            try (StateManager state = StateManager.connect(sentinels
                    .options()
                    .nodeId(HOG)
                    .sentinelUsername("watcher")
                    .sentinelPasswordFile(file)
                    .problemListener(problems::add)
                    .build())) {
                state.updateNodeHealth(Samples.health(HOG).build());
                sentinels.admin("ACL SETUSER watcher >" + NEW);
                Replaced.by(file, NEW);
                sentinels.admin("ACL SETUSER watcher <" + OLD, "CLIENT KILL TYPE normal SKIPME yes");
                RedisServer old = sentinels.killPrimary();
                sentinels.awaitFailover(old);
                state.updateNodeHealth(Samples.health(HOG).build());
                assertThat(state.nodeHealth(HOG)).isPresent();
            }
        }
        assertThat(problems).isEmpty();
    }

    private static boolean answers(AsyncStateManager async) {
        return async.ping()
                .toCompletableFuture()
                .handle((answer, failure) -> failure == null)
                .join();
    }

    private static StateException refused(StateOptions.Builder options) {
        StateException refused = Assertions.catchThrowableOfType(
                StateException.class,
                () -> StateManager.connect(options.build()).close());
        assertThat(refused).as("the connection is refused").isNotNull();
        return refused;
    }
}
