package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.server.testkit.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenCommandTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;

    TokenCommandTest(@TempDir Path folder) {
        this.file = folder.resolve("tokens");
    }

    private Cli cli() {
        return Cli.bare().environment("STATE_TOKENS_FILE", file.toString());
    }

    @Test
    void aTokenIsShownOnceAndNothingElse() throws IOException {
        Cli.Outcome outcome = cli().run("token", "new", "ook", "--scope", "read");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).matches("tat_[A-Za-z0-9_-]{43}\n");
        assertThat(outcome.err()).isEqualTo("Keep it now: it is not stored, and cannot be shown again.\n");
        assertThat(Files.readString(file)).doesNotContain(outcome.out().strip());
        Cli.Outcome list = cli().run("token", "list");
        assertThat(list.lines().get(0).split(" +", -1)).containsExactly("NAME", "SCOPES", "CREATED", "EXPIRES");
        assertThat(list.lines().get(1)).matches("ook   read    \\S+Z  never");
        assertThat(list.out()).doesNotContain("tat_", "sha256");
    }

    @Test
    void forProgramsAllIsJson() {
        JsonNode made = JSON.readTree(Cli.bare()
                .run(
                        "token",
                        "new",
                        "assistant",
                        "--scope",
                        "publish,read",
                        "--scope",
                        "admin",
                        "--expires-in",
                        "90d",
                        "--file",
                        file.toString(),
                        "--json")
                .out());
        assertThat(made.get("token").stringValue()).startsWith("tat_");
        assertThat(made.get("scopes").toString()).isEqualTo("[\"read\",\"publish\",\"admin\"]");
        assertThat(Instant.parse(made.get("expires").stringValue()))
                .isBetween(
                        Instant.now().plus(Duration.ofDays(90)).minusSeconds(60),
                        Instant.now().plus(Duration.ofDays(90)).plusSeconds(60));
        JsonNode listed = JSON.readTree(cli().run("token", "list", "--json").out());
        assertThat(listed.get("name").stringValue()).isEqualTo("assistant");
        assertThat(listed.get("expires")).isEqualTo(made.get("expires"));
        assertThat(listed.get("expired").booleanValue()).isFalse();
        assertThat(cli().run("token", "revoke", "assistant", "--json").out())
                .isEqualTo("{\"revoked\":\"assistant\"}\n");
        assertThat(cli().run("token", "list").out()).isEqualTo("There are no tokens: nobody is let in.\n");
    }

    @Test
    void failuresSayWhatToDo() throws IOException {
        assertThat(Cli.bare().run("token", "list").err())
                .isEqualTo("tatbot-state token list: no token file is named; add --file FILE, or set"
                        + " STATE_TOKENS_FILE\n");
        assertThat(cli().run("token", "list").err()).contains("cannot read the token file", "(there is none)");
        assertThat(cli().run("token", "new", "ook").exit()).isEqualTo(2);
        assertThat(cli().run("token", "new", "ook", "--scope", "write").err())
                .endsWith("--scope must be read, publish or admin\n");
        assertThat(Files.exists(file)).isFalse();
        cli().run("token", "new", "ook", "--scope", "read");
        assertThat(cli().run("token", "new", "ook", "--scope", "read").err()).contains("two tokens named ook");
        Cli.Outcome missing = cli().run("token", "revoke", "\u001b[2J");
        assertThat(missing.exit()).isEqualTo(4);
        assertThat(missing.err()).doesNotContain("\u001b");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Cli.Outcome open = cli().run("token", "list");
        assertThat(open.exit()).isEqualTo(1);
        assertThat(open.err()).contains("chmod 600 " + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0d", "-1d", "1", "d", "1y", "1.5h", "9999999d", " 1d"})
    void aSpanIsANumberOfMinutesHoursOrDays(String text) {
        assertThatThrownBy(() -> TokenNewCommand.span(text)).hasMessageStartingWith("--expires-in must be");
        assertThat(TokenNewCommand.span("30m")).isEqualTo(Duration.ofMinutes(30));
        assertThat(TokenNewCommand.span("12h")).isEqualTo(Duration.ofHours(12));
        assertThat(TokenNewCommand.span("999999d")).isEqualTo(Duration.ofDays(999_999));
    }

    @Test
    void helpTeaches() {
        for (List<String> command : List.of(
                List.of("token"), List.of("token", "new"), List.of("token", "list"), List.of("token", "revoke"))) {
            String[] arguments =
                    Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new);
            Cli.Outcome outcome = Cli.bare().run(arguments);
            assertThat(outcome.exit()).isZero();
            assertThat(outcome.out()).contains("Examples:", "  tatbot-state " + String.join(" ", command));
            assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
        }
        assertThat(Cli.bare().run("token").out())
                .isEqualTo(Cli.bare().run("token", "--help").out());
    }

    @Test
    void serveRefusesToListenBeyondLoopbackWithoutTokensOrTls() {
        Cli.Outcome bare = Cli.bare().run("serve", "--host", "0.0.0.0", "--port", "0");
        assertThat(bare.exit()).isEqualTo(2);
        assertThat(bare.err())
                .startsWith("tatbot-state serve: --host 0.0.0.0 can be reached by other machines, and without tokens");
        Cli.Outcome plain = cli().run("serve", "--host", "0.0.0.0", "--port", "0");
        assertThat(plain.exit()).isEqualTo(2);
        assertThat(plain.err()).contains("--tls-cert FILE --tls-key FILE", "--insecure-http");
        Cli.Outcome missing = cli().run("serve", "--port", "0");
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.err()).contains("cannot read the token file", "(there is none)");
    }
}
