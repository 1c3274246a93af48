package ai.tatbot.state.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The step of the build: when it fails, and with which words. */
class CheckEvolutionTest {
    private static final String PROGRESS = "models/stroke-progress.json";

    @TempDir
    Path folder;

    private SchemaCopy schemas;

    @BeforeEach
    void copySchemas() throws IOException {
        schemas = new SchemaCopy(folder);
        // As a first version, whatever the project's own history is.
        publish("0.1.0");
    }

    private void publish(String version) throws IOException {
        Path to = schemas.folder().resolve("published").resolve(version);
        StringBuilder sums = new StringBuilder();
        for (String name : List.of("channels", "events", "keys", "meta", "models", "roles", "types")) {
            Files.createDirectories(to.resolve(name));
            try (Stream<Path> files = Files.list(schemas.folder().resolve(name))) {
                for (Path file : files.sorted().toList()) {
                    Path copy = Files.copy(file, to.resolve(name).resolve(file.getFileName()));
                    sums.append(FrozenFiles.sum(Files.readAllBytes(copy)))
                            .append("  ")
                            .append(name)
                            .append('/')
                            .append(file.getFileName())
                            .append('\n');
                }
            }
        }
        Files.writeString(to.resolve("SHA256SUMS"), sums);
    }

    private String check(String version) throws IOException {
        return CheckEvolution.check(schemas.folder(), version);
    }

    private void removeField() throws IOException {
        schemas.edit(PROGRESS, node -> node.withObject("/properties").remove("offset_idx_l"));
    }

    @Test
    void whatDidNotChangeIsNotTalkedAbout() throws IOException {
        assertThat(check("0.1.0-SNAPSHOT")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.1.0-SNAPSHOT", "0.1.0", "0.1.9"})
    void aRemovedFieldFailsTheBuild(String version) throws IOException {
        removeField();
        assertThatThrownBy(() -> check(version))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(
                        "incompatible with version 0.1.0",
                        PROGRESS + ": field offset_idx_l was removed",
                        "events/progress-update.json: field offset_idx_l was removed",
                        "breaks old readers: nobody writes it any more",
                        "breaks old writers: nobody reads what they write in it",
                        "take a minor step, from " + version.replace("-SNAPSHOT", "") + " to 0.2.0",
                        "ops/release --set-version 0.2.0-SNAPSHOT");
    }

    @ParameterizedTest
    @CsvSource({"0.2.0-SNAPSHOT", "0.3.0", "1.0.0"})
    void whereTheVersionSaysSoItIsToldAndPasses(String version) throws IOException {
        removeField();
        assertThat(check(version)).contains("field offset_idx_l was removed", "as version");
    }

    @Test
    void fromOneOnItTakesAMajorStep() throws IOException {
        publish("1.4.2");
        removeField();
        assertThatThrownBy(() -> check("1.5.0"))
                .hasMessageContainingAll("version 1.4.2", "take a major step, from 1.5.0 to 2.0.0");
        assertThat(check("2.0.0-SNAPSHOT")).contains("was removed");
    }

    @Test
    void theLatestVersionCounts() throws IOException {
        removeField();
        publish("0.10.0");
        publish("0.9.0");
        assertThat(check("0.10.0-SNAPSHOT")).isEmpty();
    }

    @Test
    void aNewFieldPassesAndItIsSaidWhichVersionItTakes() throws IOException {
        schemas.addField(PROGRESS, "needle_temperature_l", SchemaCopy.json("""
                        {
                          'title': 'Left needle temperature',
                          'description': 'Temperature of the left needle. Absent: not measured.',
                          'type': ['number', 'null'],
                          'x-unit': 'Cel'
                        }
                        """));
        assertThat(check("0.1.0-SNAPSHOT"))
                .contains("0.1.1 or later", PROGRESS + ": field needle_temperature_l is new");
    }

    @Test
    void whatIsPublishedStaysAsItIs() throws IOException {
        Path frozen = schemas.folder().resolve("published/0.1.0").resolve(PROGRESS);
        Files.writeString(frozen, Files.readString(frozen) + "\n");
        assertThatThrownBy(() -> check("0.1.0"))
                .hasMessageContainingAll("is published, so nothing in it may change", PROGRESS);
        Files.delete(frozen);
        assertThatThrownBy(() -> check("0.1.0")).hasMessageContaining("a file is missing");
    }

    @Test
    void withoutAPublishedVersionThereIsNothingToCompareWith() throws IOException {
        SchemaCopy unpublished = new SchemaCopy(folder.resolve("other"));
        assertThatThrownBy(() -> CheckEvolution.check(unpublished.folder(), "0.1.0"))
                .hasMessageContaining("schema/README.md");
    }

    @Test
    void aVersionThatIsNoneIsRefused() {
        assertThatThrownBy(() -> check("soon")).hasMessageContaining("not soon");
    }
}
