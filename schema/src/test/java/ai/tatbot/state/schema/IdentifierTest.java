package ai.tatbot.state.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** An id cannot widen a key, a channel or a pattern. In Java, {@code $} alone would let a newline at the end pass. */
class IdentifierTest {
    private static final List<String> UNSAFE =
            List.of("\n", "\r", "\u2028", "\u0085", "\0", " ", ":", "*", "?", "{", "}");

    static Stream<Arguments> patterns() {
        return Stream.of(
                Arguments.of("types/node-id.json", "hog"),
                Arguments.of("types/session-id.json", "stroke_hog_1755547777"),
                Arguments.of("types/category.json", "robot"),
                Arguments.of("types/time.json", "2025-08-18T20:09:37.123456Z"));
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void endsWhereItsPatternEnds(String file, String text) {
        assertThat(SchemaValidator.errors(file, StringNode.valueOf(text))).isEmpty();
        for (String unsafe : UNSAFE) {
            assertThat(SchemaValidator.errors(file, StringNode.valueOf(text + unsafe)))
                    .as("unsafe character at the end")
                    .isNotEmpty();
            assertThat(SchemaValidator.errors(file, StringNode.valueOf(unsafe + text)))
                    .as("unsafe character at the beginning")
                    .isNotEmpty();
        }
    }

    @Test
    void everyPatternEndsWhereItSays() {
        List<String> files = SchemaFiles.in(SchemaFiles.SCHEMA_FOLDERS);
        List<JsonNode> patterns = files.stream()
                .flatMap(file -> SchemaFiles.read(file).findValues("pattern").stream())
                .filter(JsonNode::isString)
                .toList();
        assertThat(patterns).hasSizeGreaterThan(4).map(JsonNode::asString).allSatisfy(pattern -> {
            assertThat(pattern).startsWith("^").endsWith("$");
            assertThat(outsideGroups(pattern)).doesNotContain("|");
        });
    }

    @Test
    void templateTakesTextWhole() {
        NameTemplate template = new NameTemplate("node:events:{node_id}");
        assertThat(template.placeholders()).containsExactly("node_id");
        assertThat(template.match("node:events:hog")).contains(Map.of("node_id", "hog"));
        assertThat(template.match("node:events:hog\n")).contains(Map.of("node_id", "hog\n"));
        assertThat(template.match("node:events")).isEmpty();
        assertThat(template.match("xnode:events:hog")).isEmpty();
        assertThat(new NameTemplate("events:log").match("events:log\n")).isEmpty();
        assertThat(new NameTemplate("events:log").match("events:log")).contains(Map.of());
    }

    /** A pattern without its character classes and groups: an alternative there would escape the anchors. */
    private static String outsideGroups(String pattern) {
        String rest = pattern.replaceAll("\\[[^\\]]*]", "");
        for (String before = ""; !before.equals(rest); ) {
            before = rest;
            rest = rest.replaceAll("\\([^()]*\\)", "");
        }
        return rest;
    }
}
