package ai.tatbot.state.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the dialect allows becomes Java that compiles and does what the schema says. */
class AwkwardSchemaTest {
    private static final String MODEL = "models/robot-state.json";
    private static final String BASE = "{\"timestamp\": \"2025-08-18T20:09:37.123456Z\", \"node_id\": \"hog\"";

    @TempDir
    Path folder;

    private SchemaCopy schemas;

    @BeforeEach
    void copySchemas() throws Exception {
        schemas = new SchemaCopy(folder);
    }

    @Test
    void descriptionsOfAnyText() throws Exception {
        String text =
                "Ends a comment */ here, @param x {@code y} {@link Nothing}, \"quoted\" 'too' <b>&amp; \\u000a \\u002a/ "
                        + "C:\\users, 温度 é $L $T %s\n@return nothing\n * / end.";
        ObjectNode field = with("{'type': 'number', 'default': 2, 'x-unit': 's'}");
        field.put("title", text).put("description", text);
        schemas.addField(MODEL, "awkward", field);
        ObjectNode choice = with("{'type': 'string', 'enum': ['a-b', 'c d', '7'], 'default': 'c d'}");
        choice.put("title", text).put("description", text);
        schemas.addField(MODEL, "choice", choice);
        schemas.edit(MODEL, node -> node.put("title", text).put("description", text));
        schemas.edit("events/event.json", node -> node.put("description", text));
        schemas.edit("keys/robot-state.json", node -> node.put("title", text).put("description", text));
        schemas.edit(
                "channels/robot-events.json", node -> node.put("title", text).put("description", text));
        schemas.edit("channels/node-events.json", node -> node.put("description", text));
        schemas.generate();
        assertThat(schemas.source("RobotState"))
                .contains("&#64;param x &#123;&#64;code y&#125;", "&lt;b&gt;&amp;amp;", "&#92;u000a", "温度");
        try (CompiledModel compiled = compiled()) {
            Object read = compiled.read("RobotState", BASE + "}");
            assertThat(compiled.get(read, "awkward")).isEqualTo(2.0);
            assertThat(compiled.get(read, "choice")).hasToString("c d");
            assertThatThrownBy(() -> compiled.read("RobotState", BASE + ", \"choice\": \"d\"}"))
                    .hasMessage("choice must be one of [a-b, c d, 7], was \"d\"");
        }
    }

    @Test
    void namesThatJavaHasForSomethingElse() throws Exception {
        String[] names = {
            "class", "default", "int", "this", "null", "to_string", "hash_code", "get_class", "equals", "clone", "wait",
            "notify", "build", "builder", "to_builder", "copy", "from", "read_from", "write_to", "in", "out", "name",
            "other", "that", "model", "value", "json", "timed", "object", "string", "list", "pattern"
        };
        for (String name : names) {
            schemas.addField("models/stroke-progress.json", name, with("{'type': ['string', 'null'], 'maxLength': 9}"));
        }
        schemas.generate();
        try (CompiledModel compiled = compiled()) {
            Object read = compiled.read(
                    "StrokeProgress", BASE + ", \"class\": \"c\", \"to_string\": \"t\", \"name\": \"n\"}");
            assertThat(compiled.get(read, "class_")).isEqualTo("c");
            assertThat(compiled.get(read, "toString_")).isEqualTo("t");
            assertThat(compiled.get(read, "name")).isEqualTo("n");
            assertThat(read.toString()).contains("\"class\":\"c\"", "\"to_string\":\"t\"");
        }
    }

    @Test
    void everyShapeAndDefault() throws Exception {
        schemas.addField(MODEL, "a_double", with("{'type': 'number', 'default': 2}"));
        schemas.addField(MODEL, "a_long", with("{'type': 'integer', 'default': 3000000000, 'maximum': 4000000000}"));
        schemas.addField(MODEL, "an_int", with("{'type': 'integer', 'default': -7.0, 'minimum': -9, 'maximum': 9}"));
        schemas.addField(MODEL, "a_boolean", with("{'type': 'boolean', 'default': true}"));
        schemas.addField(MODEL, "a_text", with("{'type': 'string', 'maxLength': 9, 'default': 'a\\\"\\\\b'}"));
        schemas.addField(
                MODEL,
                "texts",
                with("{'type': ['array', 'null'], 'items': {'type': 'string'}, 'minItems': 1, 'maxItems': 2}"));
        schemas.addField(MODEL, "open", with("{'type': ['object', 'null'], 'additionalProperties': true}"));
        schemas.addField(MODEL, "at_least", with("{'type': ['number', 'null'], 'minimum': 0.5}"));
        schemas.addField(MODEL, "at_most", with("{'type': ['integer', 'null'], 'maximum': 5}"));
        schemas.generate();
        assertThat(schemas.source("RobotState"))
                .contains(
                        "Length: 1 to 2 values.",
                        "Range: 0.5 or more.",
                        "Range: at most 5.",
                        "Length: at most 9 characters.");
        try (CompiledModel compiled = compiled()) {
            Object read = compiled.read("RobotState", BASE + "}");
            assertThat(compiled.get(read, "aDouble")).isEqualTo(2.0);
            assertThat(compiled.get(read, "aLong")).isEqualTo(3000000000L);
            assertThat(compiled.get(read, "anInt")).isEqualTo(-7);
            assertThat(compiled.get(read, "aBoolean")).isEqualTo(true);
            assertThat(compiled.get(read, "aText")).isEqualTo("a\"\\b");
            assertThat(compiled.get(read, "texts")).isNull();
            refused(compiled, "'a_long': 4000000001", "a_long must be at most 4000000000, was 4000000001");
            refused(compiled, "'an_int': -10", "an_int must be from -9 to 9, was -10");
            refused(compiled, "'texts': []", "texts must have at least 1 items, has 0");
            refused(compiled, "'texts': ['a', 'b', 'c']", "texts must have at most 2 items, has 3");
            refused(compiled, "'texts': ['a', 1]", "texts must be a string, was 1");
            refused(compiled, "'at_least': 0.25", "at_least must be at least 0.5, was 0.25");
            refused(compiled, "'at_most': 6", "at_most must be at most 5, was 6");
        }
    }

    @Test
    void eventsDoNotTakeOverDefaults() throws Exception {
        schemas.generate();
        assertThat(schemas.source("StrokeProgress"))
                .contains("public int totalStrokes()")
                .contains("Number of strokes of the session. Absent: 0, not known.");
        assertThat(schemas.source("ProgressUpdate"))
                .contains("public Integer totalStrokes()")
                .contains("Number of strokes of the session. Absent: not said.")
                .contains("public int strokeIdx()")
                .contains("Stroke being executed, counted from 0.\n")
                .contains("this.descriptionL = model.strokeDescriptionL()");
    }

    @Test
    void whatIsGoneIsGeneratedNoLonger() throws Exception {
        schemas.addField(MODEL, "choice", with("{'type': 'string', 'enum': ['a', 'b'], 'default': 'a'}"));
        schemas.generate();
        assertThat(schemas.source("RobotStateChoice")).contains("A(\"a\")");
        schemas.edit(MODEL, node -> node.withObjectProperty("properties").remove("choice"));
        schemas.generate();
        assertThat(schemas.sources().resolve("ai/tatbot/state/model/RobotStateChoice.java"))
                .doesNotExist();
    }

    private void refused(CompiledModel compiled, String field, String message) {
        assertThatThrownBy(() -> compiled.read("RobotState", BASE + ", " + field.replace('\'', '"') + "}"))
                .hasMessage(message);
    }

    private CompiledModel compiled() throws Exception {
        return new CompiledModel(schemas.sources(), folder.resolve("classes"));
    }

    private static ObjectNode with(String field) throws Exception {
        return SchemaCopy.json(field).put("title", "T").put("description", "D.");
    }
}
