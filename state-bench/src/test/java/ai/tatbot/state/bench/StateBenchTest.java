package ai.tatbot.state.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StateBenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine line =
            StateBench.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @Test
    void nothingAndNonsenseAreRefused() {
        assertThat(line.execute()).isEqualTo(2);
        assertThat(line.execute("gait")).isEqualTo(2);
        assertThat(line.execute("gate", "--shorter")).isEqualTo(2);
    }

    @Test
    void unwritableFileIsFoundBeforeTheRun(@TempDir Path directory) {
        Path missing = directory.resolve("missing").resolve("gate.json");
        assertThat(line.execute("gate", "--json", missing.toString())).isEqualTo(2);
        assertThat(err.toString()).startsWith("--json: cannot write " + missing);
    }

    @Test
    void helpNamesTheExitCodes() {
        assertThat(line.execute("gate", "--help")).isZero();
        assertThat(out.toString()).contains("a target was missed, or an update was lost");
    }
}
