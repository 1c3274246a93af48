package ai.tatbot.state.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The jar carries the schemas, unchanged, the descriptions that are made of them, and nothing else. */
class PackagedSchemaTest {
    static Stream<String> files() {
        return Stream.of("types", "models", "events", "keys", "channels", "roles", "meta")
                .flatMap(folder -> SchemaFiles.in(folder).stream());
    }

    @ParameterizedTest
    @MethodSource("files")
    void isPacked(String file) throws IOException {
        try (InputStream packed = PackagedSchemaTest.class.getResourceAsStream(file)) {
            assertThat(packed).as(file).isNotNull();
            assertThat(new String(packed.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(SchemaFiles.text(file));
        }
    }

    @Test
    void theCatalogueOfKeysIsWhatItsRulesSay() throws IOException {
        try (InputStream packed = PackagedSchemaTest.class.getResourceAsStream("keys.json")) {
            assertThat(packed).isNotNull();
            JsonNode catalogue = SchemaFiles.parse(new String(packed.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(SchemaValidator.errors("meta/catalogue.json", catalogue)).isEmpty();
            assertThat(catalogue.get("keys")).hasSameSizeAs(SchemaFiles.in("keys"));
        }
    }

    @Test
    void nothingElseIsPacked() {
        assertThat(SchemaFiles.entries("target/classes/ai/tatbot/state/schema"))
                .isEqualTo(List.of(
                        "asyncapi.json",
                        "channels",
                        "conformance",
                        "events",
                        "keys",
                        "keys.json",
                        "meta",
                        "models",
                        "roles",
                        "types"));
    }
}
