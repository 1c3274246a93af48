package ai.tatbot.state.server.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemaFilesTest {
    private static final Path SOURCE = Path.of("..", "schema");
    private static final SchemaFiles FILES = SchemaFiles.packaged();

    @Test
    void everyFileOfTheSourceIsThere() throws IOException {
        for (String folder : List.of("types", "models", "events", "keys", "channels", "meta")) {
            try (Stream<Path> files = Files.list(SOURCE.resolve(folder))) {
                assertThat(FILES.in(folder).stream().map(SchemaFile::path))
                        .containsExactlyElementsOf(files.map(file -> folder + "/" + file.getFileName())
                                .sorted()
                                .toList());
            }
        }
    }

    @Test
    void aFileIsAsItWasWritten() throws IOException {
        SchemaFile file = FILES.find("models/robot-state.json").orElseThrow();
        assertThat(file.text()).isEqualTo(Files.readString(SOURCE.resolve("models/robot-state.json")));
        assertThat(file.name()).isEqualTo("robot-state");
        assertThat(file.folder()).isEqualTo("models");
        assertThat(file.title()).isEqualTo("Robot state");
    }

    @Test
    void whatAFileSaysOfItsAddressIsSo() {
        assertThat(FILES.all()).isNotEmpty().allSatisfy(file -> {
            if (file.isJsonSchema()) {
                assertThat(file.tree().get("$id").asString()).isEqualTo(file.id());
            } else {
                assertThat(file.folder()).isIn("keys", "channels", "roles");
            }
        });
        assertThat(FILES.basePath()).isEqualTo("/schema/state/v1/");
    }

    @Test
    void nothingElseIsFound() {
        for (String path : List.of("", "models", "models/nope.json", "../schema/models/robot-state.json", "models/")) {
            assertThat(FILES.find(path)).as(path).isEmpty();
        }
    }

    @Test
    void aTreeIsTheCallersOwn() {
        SchemaFile file = FILES.find("models/robot-state.json").orElseThrow();
        file.tree().removeAll();
        file.bytes()[0] = 'x';
        assertThat(file.tree().has("$id")).isTrue();
        assertThat(file.text()).startsWith("{");
    }
}
