package ai.tatbot.state.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a schema in Python; whether that does what it should is tested where Python is, in {@code schema/python}. */
class PythonSchemaTest {
    private static final String MODEL = "models/robot-state.json";

    @TempDir
    Path folder;

    private SchemaCopy schemas;

    @BeforeEach
    void copySchemas() throws Exception {
        schemas = new SchemaCopy(folder);
    }

    @Test
    void aFieldOfAModelIsInItsEventToo() throws Exception {
        add("needle_temperature_l", "{'type': ['number', 'null'], 'minimum': -40, 'maximum': 200, 'x-unit': 'Cel'}");
        schemas.generatePython();
        for (String module : new String[] {"models", "events"}) {
            assertThat(schemas.python(module))
                    .contains("Number(\"needle_temperature_l\", minimum=-40.0, maximum=200.0, nullable=True),")
                    .contains("needle_temperature_l: float | None = None")
                    .contains("Unit: Cel. Range: -40 to 200.");
        }
        assertThat(schemas.python("events")).contains("\"needle_temperature_l\": \"needle_temperature_l\"");
        assertThat(schemas.python("pydantic_models")).contains("ge=-40, le=200");
    }

    @Test
    void everyShapeAndDefault() throws Exception {
        add("a_long", "{'type': 'integer', 'default': 3000000000, 'maximum': 4000000000}");
        add("an_int", "{'type': 'integer', 'default': 7}");
        add("a_choice", "{'type': ['string', 'null'], 'enum': ['a-b', 'c', null]}");
        add("texts", "{'type': ['array', 'null'], 'items': {'type': 'string'}, 'minItems': 1, 'maxItems': 4}");
        add("an_object", "{'type': ['object', 'null'], 'additionalProperties': true}");
        add("a_text", "{'type': 'string', 'maxLength': 9, 'default': '\\\\ \\u00fc'}");
        schemas.generatePython();
        assertThat(schemas.python("models"))
                .contains("Integer(\"a_long\", minimum=-9223372036854775808, maximum=4000000000),")
                .contains("a_long: int = 3000000000")
                .contains("Integer(\"an_int\", minimum=-2147483648, maximum=2147483647),")
                .contains("Choice(\"a_choice\", (\"a-b\", \"c\",), nullable=True),")
                .contains("a_choice: Literal[\"a-b\", \"c\"] | None = None")
                .contains("Texts(\"texts\", least=1, most=4, nullable=True),")
                .contains("texts: Sequence[str] | None = None")
                .contains("an_object: Mapping[str, Any] | None = None")
                .contains("a_text: str = \"\\\\ \u00fc\"");
    }

    @Test
    void namesThatPythonHasForSomethingElse() throws Exception {
        add("class", "{'type': ['string', 'null'], 'maxLength': 9}");
        add("to_json", "{'type': ['string', 'null'], 'maxLength': 9}");
        schemas.generatePython();
        assertThat(schemas.python("models"))
                .contains("Text(\"class\", most=9, attribute=\"class_\", nullable=True),")
                .contains("class_: str | None = None")
                .contains("to_json_: str | None = None");
        assertThat(schemas.python("events")).contains("\"class_\": \"class_\"");
        assertThat(schemas.python("pydantic_models")).contains("alias=\"class\"");
    }

    @Test
    void descriptionsOfAnyText() throws Exception {
        ObjectNode field = SchemaCopy.json("{'type': ['number', 'null']}");
        field.put("title", "Awkward").put("description", "Ends \"\"\" here, C:\\users, \\u002a, and \"quotes\"");
        schemas.addField(MODEL, "awkward", field);
        schemas.generatePython();
        assertThat(schemas.python("models"))
                .contains("\"\"\"Ends \\\"\\\"\\\" here, C:\\\\users, \\\\u002a, and \"quotes\" \"\"\"");
    }

    private void add(String name, String field) throws IOException {
        ObjectNode node = SchemaCopy.json(field);
        node.put("title", name).put("description", "What it is. Absent: not known.");
        schemas.addField(MODEL, name, node);
    }
}
