package ai.tatbot.state.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A field is added in one file only: the class of the model has it, and so has the event that carries the model. */
class AddedFieldTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "robot-state | RobotState | StateUpdate | 'is_connected_l': true, 'is_connected_r': true, 'current_pose': 'ready'",
                "stroke-progress | StrokeProgress | ProgressUpdate | 'session_id': 's', 'stroke_idx': 5, 'pose_idx': 25",
                "node-health | NodeHealth | HealthUpdate | 'cpu_percent': 5"
            })
    void modelAndItsEventHaveIt(String file, String model, String event, String fields) throws Exception {
        SchemaCopy schemas = new SchemaCopy(folder);
        schemas.addField("models/" + file + ".json", "needle_temperature_l", SchemaCopy.json("""
                        {
                          'title': 'Left needle temperature',
                          'description': 'Temperature of the left needle. Absent: not measured.',
                          'type': ['number', 'null'],
                          'minimum': -40,
                          'maximum': 200,
                          'x-unit': 'Cel'
                        }
                        """));
        schemas.generate();

        for (String name : new String[] {model, event}) {
            assertThat(schemas.source(name))
                    .contains("public Double needleTemperatureL() {")
                    .contains("Temperature of the left needle. Absent: not measured.")
                    .contains("Unit: Cel. Range: -40 to 200.")
                    .contains("case \"needle_temperature_l\":")
                    .contains("FieldChecks.range(\"needle_temperature_l\"")
                    .contains("out.writeNumberProperty(\"needle_temperature_l\"");
        }
        String base = "{'timestamp': '2025-08-18T20:09:37.123456Z', 'node_id': 'hog', ".replace('\'', '"');
        String rest = fields.replace('\'', '"') + "}";
        try (CompiledModel compiled = new CompiledModel(schemas.sources(), folder.resolve("classes"))) {
            Object document = compiled.read(model, base + "\"needle_temperature_l\": 31}");
            assertThat(compiled.get(document, "needleTemperatureL")).isEqualTo(31.0);
            assertThat(document.toString()).contains("\"needle_temperature_l\":31.0");

            String type = (String) compiled.get(compiled.read(event, base + typeOf(event) + rest), "type");
            Object before = compiled.read(event, base + typeOf(event) + rest);
            assertThat(compiled.get(before, "needleTemperatureL")).isNull();
            assertThat(before.toString()).contains("\"type\":\"" + type + "\"").doesNotContain("needle");
            assertThat(compiled.get(compiled.carry(event, before, document), "needleTemperatureL"))
                    .isEqualTo(31.0);
        }
    }

    private static String typeOf(String event) {
        String type = event.replaceAll("(?<=[a-z])([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
        return "\"type\": \"" + type + "\", ";
    }
}
