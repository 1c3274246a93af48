package ai.tatbot.state.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class TokenFileTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(TokenFile.class);

    @TempDir
    Path folder;

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Path path = Path.of("tokens");
    private TokenStore store = new TokenStore(path);

    @BeforeEach
    void makeFile() {
        path = folder.resolve("tokens");
        store = new TokenStore(path);
        log.start();
        LOGGER.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        LOGGER.detachAppender(log);
    }

    private TokenFile open() {
        return new TokenFile(path, nanoTime::get);
    }

    private AccessControl access(TokenFile file) {
        return AccessControl.of(file, Clock.systemUTC());
    }

    private void aSecondLater() {
        nanoTime.addAndGet(SECOND);
    }

    @Test
    void aTokenIsKnownByItsTextAndStoredAsAHash() throws IOException {
        String token = store.add("ook", Set.of(Scope.READ, Scope.PUBLISH), null);
        assertThat(token).matches("tat_[A-Za-z0-9_-]{43}");
        assertThat(Files.readString(path))
                .doesNotContain(token)
                .containsPattern("(?m)^ook read,publish \\S+Z never sha256:[0-9a-f]{64}$");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        AccessControl access = access(open());
        assertThat(access.withToken(token).map(Grant::principal))
                .contains(new Principal("ook", Set.of(Scope.READ, Scope.PUBLISH)));
        assertThat(access.withToken(token.substring(0, token.length() - 1))).isEmpty();
        assertThat(access.withToken(TokenText.random())).isEmpty();
        assertThat(access.withToken("")).isEmpty();
        assertThat(access.withoutToken()).isEmpty();
    }

    @Test
    void aTokenExpires() {
        Instant now = Instant.parse("2026-11-25T12:00:00Z");
        String token = store.add("ook", Set.of(Scope.READ), now.plusSeconds(60));
        TokenFile file = open();
        assertThat(AccessControl.of(file, Clock.fixed(now.plusSeconds(59), ZoneOffset.UTC))
                        .withToken(token))
                .isPresent();
        assertThat(AccessControl.of(file, Clock.fixed(now.plusSeconds(60), ZoneOffset.UTC))
                        .withToken(token))
                .isEmpty();
    }

    @Test
    void aRevokedTokenIsRefusedAfterASecondAndItsGrantIsNoLongerValid() {
        String token = store.add("ook", Set.of(Scope.READ), null);
        String other = store.add("hog", Set.of(Scope.READ), null);
        AccessControl access = access(open());
        Grant grant = access.withToken(token).orElseThrow();
        assertThat(store.remove("ook")).isTrue();
        assertThat(store.remove("ook")).isFalse();
        aSecondLater();
        assertThat(access.withToken(token)).isEmpty();
        assertThat(grant.isValid()).isFalse();
        assertThat(access.withToken(other)).isPresent();
    }

    @Test
    void aTokenThatIsMadeAgainUnderItsNameOrWithOtherScopesEndsTheOldGrant() throws IOException {
        String token = store.add("ook", Set.of(Scope.READ, Scope.ADMIN), null);
        AccessControl access = access(open());
        Grant grant = access.withToken(token).orElseThrow();
        assertThat(grant.isValid()).isTrue();
        Files.writeString(path, Files.readString(path).replace("read,admin", "read"));
        aSecondLater();
        assertThat(grant.isValid()).isFalse();
        assertThat(access.withToken(token).orElseThrow().principal().may(Scope.ADMIN))
                .isFalse();
    }

    @Test
    void theFileIsLookedAtOnceASecondAtMost() throws IOException {
        store.add("ook", Set.of(Scope.READ), null);
        TokenFile file = open();
        file.current();
        store.add("hog", Set.of(Scope.READ), null);
        assertThat(file.current().all()).hasSize(1);
        aSecondLater();
        assertThat(file.current().all()).hasSize(2);
    }

    @Test
    void aChangeOfTheSameSizeAtTheSameTimeIsNoticed() throws IOException {
        String token = store.add("ook", Set.of(Scope.READ), null);
        AccessControl access = access(open());
        assertThat(access.withToken(token)).isPresent();
        FileTime before = Files.getLastModifiedTime(path);
        String text = Files.readString(path);
        Files.writeString(path, text.substring(0, text.lastIndexOf(':') + 1) + "0".repeat(64) + "\n");
        Files.setLastModifiedTime(path, before);
        aSecondLater();
        assertThat(access.withToken(token)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ook read 2026-11-25T12:00:00Z never sha256:12",
                "ook read 2026-11-25T12:00:00Z never",
                "ook write 2026-11-25T12:00:00Z never sha256:"
                        + "0000000000000000000000000000000000000000000000000000000000000000",
                "ook READ 2026-11-25T12:00:00Z never sha256:"
                        + "0000000000000000000000000000000000000000000000000000000000000000",
                "o\u0000k read 2026-11-25T12:00:00Z never sha256:"
                        + "0000000000000000000000000000000000000000000000000000000000000000",
                "ook read yesterday never sha256:0000000000000000000000000000000000000000000000000000000000000000",
                "{\"tokens\": []}"
            })
    void aBrokenFileKeepsTheOldTokensAndIsReportedOnce(String line) throws IOException {
        String token = store.add("ook", Set.of(Scope.READ), null);
        AccessControl access = access(open());
        String good = Files.readString(path);
        Files.writeString(path, "# broken\n" + line + "\n");
        for (int i = 0; i < 3; i++) {
            aSecondLater();
            assertThat(access.withToken(token)).isPresent();
        }
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getLevel()).isEqualTo(Level.ERROR);
        assertThat(log.list.get(0).getFormattedMessage())
                .contains(path.toString(), "line 2: ", "1 tokens that were read before are still in force")
                .doesNotContain("sha256:0", "\u0000");
        Files.writeString(path, good);
        aSecondLater();
        assertThat(access.withToken(token)).isPresent();
        assertThat(log.list).hasSize(2);
        assertThat(log.list.get(1).getFormattedMessage()).endsWith("can be used again");
    }

    @Test
    void aFileThatIsGoneOrThatOthersMayReadKeepsTheOldTokens() throws IOException {
        String token = store.add("ook", Set.of(Scope.READ), null);
        AccessControl access = access(open());
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        aSecondLater();
        assertThat(access.withToken(token)).isPresent();
        Files.delete(path);
        aSecondLater();
        assertThat(access.withToken(token)).isPresent();
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        first -> assertThat(first).contains("chmod 600 " + path),
                        second -> assertThat(second).contains("there is none"));
    }

    @Test
    void anEmptyFileLetsNobodyIn() throws IOException {
        String token = store.add("ook", Set.of(Scope.READ), null);
        AccessControl access = access(open());
        Files.writeString(path, "");
        aSecondLater();
        assertThat(access.withToken(token)).isEmpty();
        assertThat(log.list).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx-----x"})
    void aFileThatOthersMayUseIsRefusedAtTheStart(String mode) throws IOException {
        store.add("ook", Set.of(Scope.READ), null);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        assertThatThrownBy(this::open)
                .isInstanceOf(TokenFileException.class)
                .hasMessage("the token file " + path
                        + " cannot be used: others than its owner may use it; do: chmod 600 " + path);
    }

    @Test
    void aMissingFileOrAFolderIsRefusedAtTheStart() {
        assertThatThrownBy(this::open).hasMessage("cannot read the token file " + path + " (there is none)");
        assertThatThrownBy(() -> TokenFile.open(folder)).hasMessageContaining("it is no regular file");
    }

    @Test
    void namesAreUniqueAndPlain() throws IOException {
        store.add("ook", Set.of(Scope.READ), null);
        String before = Files.readString(path);
        assertThatThrownBy(() -> store.add("ook", Set.of(Scope.READ), null))
                .hasMessageContaining("two tokens named ook");
        for (String name : List.of("", "a b", "a\nb", "-x", "x".repeat(65), "ä")) {
            assertThatThrownBy(() -> store.add(name, Set.of(Scope.READ), null)).isInstanceOf(TokenFileException.class);
        }
        assertThatThrownBy(() -> store.add("hog", Set.of(), null)).hasMessageContaining("at least one scope");
        assertThat(Files.readString(path)).isEqualTo(before);
    }

    @Test
    void commentsAndTheOrderOfLinesAreKept() throws IOException {
        store.add("a", Set.of(Scope.READ), null);
        store.add("b", Set.of(Scope.READ), null);
        Files.writeString(path, Files.readString(path) + "\n# the wall\n");
        store.add("c", Set.of(Scope.READ), Instant.now().plus(Duration.ofDays(1)));
        store.remove("b");
        assertThat(Files.readAllLines(path).stream().map(line -> line.split(" ", 2)[0]))
                .containsExactly("#", "a", "", "#", "c");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("tokens", "tokens.lock");
    }

    @Test
    void noChangeIsLostWhenSeveralAreMadeAtOnce() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), path);
        store.add("first", Set.of(Scope.READ), null);
        List<Future<?>> changes = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int i = 0; i < 20; i++) {
                String name = "t" + i;
                TokenStore own = new TokenStore(i % 2 == 0 ? path : link);
                changes.add(threads.submit(() -> {
                    own.add(name, Set.of(Scope.READ), null);
                    own.add(name + "-gone", Set.of(Scope.READ), null);
                    return own.remove(name + "-gone");
                }));
            }
            for (Future<?> change : changes) {
                assertThat(change.get()).isEqualTo(true);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.list()).extracting(StoredToken::name).hasSize(21).noneMatch(name -> name.endsWith("-gone"));
    }

    @Test
    void aChangeWaitsForAnotherProcessToEndItsOwn() throws Exception {
        store.add("first", Set.of(Scope.READ), null);
        Path lock = folder.resolve("tokens.lock");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lock)))
                .isEqualTo("rw-------");
        Path script = Files.writeString(folder.resolve("Hold.java"), """
                import java.nio.channels.FileChannel;
                import java.nio.file.Path;
                import java.nio.file.StandardOpenOption;

                class Hold {
                    public static void main(String[] args) throws Exception {
                        try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
                            channel.lock();
                            System.out.println("held");
                            System.in.read();
                        }
                    }
                }
                """);
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        script.toString(),
                        lock.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("held");
            CompletableFuture<String> change =
                    CompletableFuture.supplyAsync(() -> store.add("second", Set.of(Scope.READ), null));
            assertThatThrownBy(() -> change.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(store.list()).hasSize(1);

            other.getOutputStream().close();

            assertThat(change.get(20, TimeUnit.SECONDS)).startsWith("tat_");
            assertThat(store.list()).hasSize(2);
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void nothingIsMadeBesideAFileThatIsMissing() {
        assertThatThrownBy(() -> store.remove("ook")).hasMessageContaining("(there is none)");
        assertThat(folder.toFile().list()).isEmpty();
    }

    @Test
    void aLinkIsFollowed() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), path);
        store.add("a", Set.of(Scope.READ), null);
        new TokenStore(link).add("b", Set.of(Scope.READ), null);
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(store.list()).extracting(StoredToken::name).containsExactly("a", "b");
    }

    @Test
    void nothingThatMightBeLoggedShowsAHash() {
        store.add("ook", Set.of(Scope.READ), null);
        StoredToken token = store.list().get(0);
        assertThat(token.toString() + token.hash() + PageSession.of(token, Instant.now()))
                .doesNotContain(token.hash().text().substring(10, 20))
                .doesNotContain("sha256");
    }
}
