package ai.tatbot.state.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
    private static final List<String> FOLDERS = Stream.concat(
                    SchemaFiles.SCHEMA_FOLDERS.stream(), SchemaFiles.NAME_FOLDERS.stream())
            .toList();

    static List<String> files() {
        return SchemaFiles.in(FOLDERS);
    }

    static List<Example> examples() {
        return Example.in(FOLDERS);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isAsItsFolderSays(Example example) {
        if (example.isValid()) {
            assertThat(example.places()).as("places that fail").isEmpty();
        } else {
            assertThat(example.places()).as("places that fail").hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyFileHasBothKinds(String file) {
        assertThat(Example.of(file, "valid")).isNotEmpty().allMatch(Example::isValid);
        assertThat(Example.of(file, "invalid")).isNotEmpty().noneMatch(Example::isValid);
    }

    @Test
    void noExampleIsAnOrphan() {
        assertThat(SchemaFiles.entries("examples")).containsExactlyInAnyOrderElementsOf(FOLDERS);
        for (String folder : FOLDERS) {
            List<String> expected =
                    SchemaFiles.in(folder).stream().map(SchemaFiles::baseName).toList();
            assertThat(SchemaFiles.entries("examples/" + folder)).as(folder).isEqualTo(expected);
            for (String name : expected) {
                assertThat(SchemaFiles.entries("examples/" + folder + "/" + name))
                        .as(name)
                        .containsExactly("invalid", "valid");
            }
        }
    }
}
