package ai.tatbot.state.server.http.reference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.server.testkit.NodeProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiTest {
    private static final JsonNode DOCUMENT = new JsonMapper().readTree(OpenApi.document());

    @TempDir
    Path folder;

    @Test
    void anotherToolCallsItValid() throws IOException {
        Path file = Files.write(folder.resolve("openapi.json"), OpenApi.document());
        NodeProject.of("api")
                .run(Duration.ofMinutes(1), Map.of(), "openapi.mjs", file.toString())
                .requireSuccess();
    }

    @Test
    void itStandsAlone() {
        List<String> refs = new ArrayList<>();
        collect(DOCUMENT, "$ref", refs);
        assertThat(refs).hasSizeGreaterThan(100).allSatisfy(ref -> {
            assertThat(ref).startsWith("#/");
            assertThat(DOCUMENT.at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
        });
        List<String> ids = new ArrayList<>();
        collect(DOCUMENT, "$id", ids);
        assertThat(ids).isEmpty();
    }

    @Test
    void whatIsWrittenIsUsed() {
        List<String> refs = new ArrayList<>();
        collect(DOCUMENT, "$ref", refs);
        Components.answers()
                .propertyNames()
                .forEach(name -> assertThat(refs)
                        .as(name)
                        .anyMatch(ref -> ref.equals("#/components/schemas/" + name)
                                || ref.startsWith("#/components/schemas/" + name + "/")));
    }

    @Test
    void operationsHaveNamesOfTheirOwn() {
        assertThat(OperationTable.all()).extracting(operation -> operation.id).doesNotHaveDuplicates();
        assertThat(OperationTable.all()).extracting(Operation::route).doesNotHaveDuplicates();
        assertThat(OperationTable.all()).allSatisfy(operation -> {
            assertThat(operation.summary).isNotBlank();
            assertThat(operation.description).endsWith(".");
            assertThat(operation.answers).isNotEmpty();
        });
    }

    private static void collect(JsonNode node, String name, List<String> found) {
        JsonNode value = node.get(name);
        if (value != null && value.isString()) {
            found.add(value.asString());
        }
        node.forEach(child -> collect(child, name, found));
    }
}
