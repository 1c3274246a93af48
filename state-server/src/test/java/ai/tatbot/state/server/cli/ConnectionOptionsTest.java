package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionOptionsTest {
    private final ConnectionOptions options = new ConnectionOptions();

    @TempDir
    Path folder;

    @Test
    void theCommandLineWinsAsAWhole() {
        options.url = "redis://eek";
        StateOptions resolved = options.resolve(Map.of(
                        "REDIS_URL", "redis://:other@elsewhere:7000/3",
                        "REDIS_PORT", "7001",
                        "REDIS_DB", "4",
                        "REDIS_PASSWORD", "sesame"))
                .build();
        assertThat(resolved.address()).isEqualTo("eek:6379");
        assertThat(resolved.database()).isZero();
        assertThat(resolved.password().orElseThrow().reveal()).isEqualTo("sesame");
    }

    @Test
    void withoutItTheEnvironmentIsRead() {
        StateOptions resolved = options.resolve(Map.of("REDIS_URL", "redis://:s%40me@eek:7000/3"))
                .build();
        assertThat(resolved.address()).isEqualTo("eek:7000");
        assertThat(resolved.password().orElseThrow().reveal()).isEqualTo("s@me");
        assertThat(resolved.nodeId()).isEqualTo("cli");
        assertThat(resolved.toString()).doesNotContain("s@me");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://:sesame@eek",
                "redis://hog:sesame@eek:6379/0",
                "rediss://hog:ses/ame@eek",
                "redis://:ses#ame@eek",
                "redis://:@eek"
            })
    void aPasswordInTheUrlIsRefusedAndNotShown(String url) {
        options.url = url;
        assertThatThrownBy(() -> options.resolve(Map.of()))
                .isInstanceOf(CliException.class)
                .hasMessageStartingWith("--redis takes no password")
                .hasMessageNotContaining("ses");
    }

    @Test
    void aUserInTheUrlIsFine() {
        options.url = "redis://hog@eek";
        assertThat(options.resolve(Map.of()).build().username()).contains("hog");
    }

    @Test
    void thePasswordComesFromAFile() throws IOException {
        options.passwordFile = Files.writeString(folder.resolve("password"), "sesame\nmore\n");
        assertThat(options.resolve(Map.of()).build().password().orElseThrow().reveal())
                .isEqualTo("sesame");
    }

    @Test
    void aPasswordFileThatIsMissingOrEmptyIsNamed() throws IOException {
        options.passwordFile = folder.resolve("none");
        assertThatThrownBy(() -> options.resolve(Map.of()))
                .hasMessage("--password-file: cannot read " + folder.resolve("none") + " (NoSuchFileException)");
        options.passwordFile = Files.writeString(folder.resolve("empty"), "\n");
        assertThatThrownBy(() -> options.resolve(Map.of()))
                .hasMessage("--password-file: " + folder.resolve("empty")
                        + " is empty; its first line must be the password");
    }

    @Test
    void aVariableThatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> options.resolve(Map.of("REDIS_PORT", "many")))
                .isInstanceOf(CliException.class)
                .hasMessage("REDIS_PORT: must be a number that is not negative");
    }

    @Test
    void aRedisIsGivenByTheOptionOrAVariableThatNamesIt() {
        assertThat(options.isGiven(Map.of("PATH", "/bin", "REDIS_URL", " "))).isFalse();
        assertThat(options.isGiven(Map.of("REDIS_MAX_CONNECTIONS", "10"))).isFalse();
        assertThat(options.isGiven(Map.of("REDIS_PASSWORD", "sesame"))).isTrue();
        assertThat(options.isGiven(Map.of("REDIS_HOST", "eek"))).isTrue();
        options.url = "redis://eek";
        assertThat(options.isGiven(Map.of())).isTrue();
    }
}
