package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.server.testkit.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineProgramTest {
    @Test
    void helpNamesEveryCommandAndTheExitCodes() {
        Cli.Outcome outcome = Cli.bare().run("--help");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out())
                .contains("  demo ", "  serve ", "  status ", "  get ", "  list ", "  watch ", "  publish ", "  token ")
                .contains("Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 Redis unavailable");
        assertThat(Cli.bare().run().out()).isEqualTo(outcome.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "serve", "status", "get", "list", "watch", "publish"})
    void everyCommandTeachesByExample(String command) {
        Cli.Outcome outcome = Cli.bare().run(command, "--help");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("Examples:", "  tatbot-state " + command, "--json", "--redis=URL");
        assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void serveSaysWhyItStaysOnLoopback() {
        assertThat(Cli.bare().run("serve", "--help").out().replaceAll("\\s+", " "))
                .contains("Without --tokens it listens on loopback only, and whoever reaches it may read and publish.");
    }

    @Test
    void versionIsShown() {
        assertThat(Cli.bare().run("--version").out()).startsWith("tatbot-state ");
    }

    @Test
    void anUnknownCommandIsWrongUsage() {
        Cli.Outcome outcome = Cli.bare().run("statsu");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo("tatbot-state: Unmatched argument at index 0: 'statsu'. Did you mean status?"
                        + " Try: tatbot-state --help\n");
    }

    @Test
    void aMissingArgumentIsWrongUsage() {
        Cli.Outcome outcome = Cli.bare().run("get");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo("tatbot-state get: Missing required parameter: 'KEY'. Try: tatbot-state get --help\n");
    }

    @Test
    void withJsonAFailureIsAnObjectToo() {
        Cli.Outcome outcome = Cli.bare().run("get", "--json");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .isEqualTo("{\"error\":{\"code\":\"usage\",\"message\":\"Missing required parameter: 'KEY'. Try:"
                        + " tatbot-state get --help\"}}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "serve", "status", "list", "watch"})
    void noCommandTakesAPasswordOnItsCommandLine(String command) {
        Cli.Outcome outcome = Cli.bare().run(command, "--redis", "redis://:sesame@127.0.0.1:1");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo("tatbot-state " + command + ": --redis takes no password: the process list and the shell's"
                        + " history would show it. Put it into REDIS_PASSWORD, into a file named by --password-file, or"
                        + " into the URL in REDIS_URL.\n");
    }

    @Test
    void aControlCharacterInAnArgumentDoesNotReachTheTerminal() {
        Cli.Outcome outcome = Cli.bare().run("get", "robot:state:\u001b[2Jhog");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("tatbot-state get: \"robot:state:\\u001b[2Jhog\" is no key of the schema.");
    }

    @Test
    void aStackTraceCannotSteerTheTerminalEither() {
        Cli.Outcome outcome =
                Cli.bare().run("get", "index:nodes", "--verbose", "--password-file", "no\u001b[2J\u202esuch");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("CliException: --password-file: cannot read no\\u001b[2J\\u202esuch", "\n    at ai.tatbot.")
                .doesNotContain("\u001b", "\u202e", "\t");
    }
}
