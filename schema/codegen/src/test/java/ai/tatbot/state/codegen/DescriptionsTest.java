package ai.tatbot.state.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AsyncAPI, the catalogue of keys, and what is written for TypeScript. Tools of others judge them in schema/typescript. */
class DescriptionsTest {
    @TempDir
    Path folder;

    private SchemaCopy schemas;

    @BeforeEach
    void copySchemas() throws IOException {
        schemas = new SchemaCopy(folder);
    }

    private JsonNode asyncApi() throws IOException {
        return new AsyncApi(schemas.read()).document("0.1.0");
    }

    private JsonNode keys() throws IOException {
        return new KeyCatalogue(schemas.read()).document("0.1.0").get("keys");
    }

    @Test
    void aMessageSaysItsClassAndAnOperationItsRoles() throws IOException {
        JsonNode document = asyncApi();
        assertThat(document.at("/components/messages/ProgressUpdate/x-class").asText())
                .isEqualTo("position");
        assertThat(document.at("/components/messages/SessionStart/x-class").asText())
                .isEqualTo("transition");
        assertThat(document.at("/operations/publishNodeEvents/action").asText()).isEqualTo("send");
        assertThat(document.at("/operations/publishNodeEvents/x-roles/0/own/node_id")
                        .asText())
                .isEqualTo("{node_id}");
        assertThat(document.at("/operations/listenNodeEvents/x-roles").findValuesAsText("role"))
                .containsExactly("node", "python");
        assertThat(document.at("/channels/node_events/address").asText()).isEqualTo("node:events:{node_id}");
        assertThat(document.at("/x-roles/robot/includes/0").asText()).isEqualTo("node");
    }

    @Test
    void referencesLeadSomewhereInTheDocument() throws IOException {
        JsonNode document = asyncApi();
        List<String> refs = document.findValuesAsText("$ref");
        assertThat(refs).hasSizeGreaterThan(50).allSatisfy(ref -> {
            assertThat(ref).startsWith("#/");
            assertThat(document.at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
        });
    }

    /** The event's base has a node id that may be null, the model's has not: both bind. */
    @Test
    void basesThatSayTheSameFieldBothBind() throws IOException {
        JsonNode field = asyncApi().at("/components/schemas/StateUpdate/properties/node_id");
        assertThat(field.get("type").asText()).isEqualTo("string");
        assertThat(field.get("title").asText()).isEqualTo("Sender");
        assertThat(field.get("description").asText()).isEqualTo("Node that the event tells of, or that sent it.");
        assertThat(new ModelTypes(schemas.read()).text())
                .contains("export interface StateUpdate {")
                .doesNotContain("node_id: string | null;");
    }

    @Test
    void aMessageThatCarriesADocumentSaysWhatItsFieldsAreCalledThere() throws IOException {
        JsonNode carried = asyncApi().at("/components/messages/ProgressUpdate/x-document");
        assertThat(carried.get("model").asText()).isEqualTo("StrokeProgress");
        assertThat(carried.get("key").asText()).isEqualTo("stroke:progress:{session_id}");
        JsonNode fields = carried.get("fields");
        assertThat(fields.get("description_l").asText()).isEqualTo("stroke_description_l");
        assertThat(fields.get("node_id").asText()).isEqualTo("node_id");
        for (String own : List.of("type", "session_id", "rev", "event_id", "seq", "seq_lost")) {
            assertThat(fields.has(own)).as(own).isFalse();
        }
        assertThat(asyncApi().at("/components/messages/SessionEnd").has("x-document"))
                .isFalse();
        FlatSchema document = schemas.read().byClassName("StrokeProgress");
        List<String> named = new ArrayList<>();
        fields.forEach(field -> named.add(field.asText()));
        List<String> all = new ArrayList<>();
        document.properties().forEach(field -> all.add(field.getKey()));
        assertThat(named).containsExactlyInAnyOrderElementsOf(all);
    }

    /** Nothing that is always there says what its absence would mean, or may be null. */
    @Test
    void ofARequiredFieldNothingIsSaidOfItsAbsence() throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        asyncApi().at("/components/schemas").forEach(objects::add);
        keys().forEach(key -> objects.add(key.at("/document/schema")));
        int required = 0;
        for (JsonNode object : objects) {
            for (JsonNode name : object.path("required")) {
                JsonNode field = object.get("properties").get(name.asText());
                assertThat(field.has("default")).as("%s", field).isFalse();
                assertThat(field.path("description").asText()).doesNotContain("Absent:");
                assertThat(FlatSchema.takesNull(field)).as("%s", field).isFalse();
                required++;
            }
        }
        assertThat(required).isGreaterThan(50);
    }

    @Test
    void anEventOnTwoChannelsIsRefused() throws IOException {
        schemas.edit(
                "channels/robot-events.json",
                channel -> channel.withArray("/messages")
                        .addObject()
                        .put("class", "position")
                        .putObject("payload")
                        .put("$ref", "../events/session-start.json"));
        assertThatThrownBy(this::asyncApi).hasMessageContaining("session-start is on two channels");
    }

    @Test
    void theCatalogueHasEveryKeyWithTheWholeSchemaOfItsDocument() throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode key : keys()) {
            names.add(key.get("name").asText());
            assertThat(key.findValues("$ref")).isEmpty();
        }
        assertThat(names).contains("robot_state", "events_log").isSorted();
        JsonNode robot = keys().get(names.indexOf("robot_state"));
        assertThat(robot.at("/document/schema/properties/joints_l/x-unit").asText())
                .isEqualTo("rad");
        assertThat(robot.at("/document/schema/required").toString()).isEqualTo("[\"timestamp\",\"node_id\"]");
        assertThat(robot.at("/parameters/node_id/pattern").asText()).startsWith("^[A-Za-z0-9]");
    }

    @Test
    void anAddedFieldIsInAllOfThem() throws IOException {
        schemas.addField("models/stroke-progress.json", "needle_temperature_l", SchemaCopy.json("""
                        {
                          'title': 'Left needle temperature',
                          'description': 'Temperature of the left needle. Absent: not measured.',
                          'type': ['number', 'null'],
                          'minimum': -40,
                          'maximum': 200,
                          'x-unit': 'Cel'
                        }
                        """));
        Path target = folder.resolve("target");
        DescribeSchema.main(new String[] {schemas.folder().toString(), target.toString(), "0.1.0"});
        GenerateTypeScript.main(new String[] {schemas.folder().toString(), target.toString(), "0.1.0"});
        String inAsyncApi = "/components/schemas/ProgressUpdate/properties/needle_temperature_l/x-unit";
        JsonNode asyncApi =
                new ObjectMapper().readTree(target.resolve("asyncapi.json").toFile());
        assertThat(asyncApi.at(inAsyncApi).asText()).isEqualTo("Cel");
        assertThat(Files.readString(target.resolve("keys.json"))).contains("\"needle_temperature_l\"");
        assertThat(Files.readString(target.resolve("model.d.ts")))
                .contains("     * Unit: Cel. Range: -40 to 200.\n     */\n    needle_temperature_l?: number | null;");
        assertThat(Files.readString(target.resolve("catalogue.js")))
                .contains("\"needle_temperature_l\"", "\"unit\": \"Cel\"");
    }

    @Test
    void wordsCannotLeaveTheirComment() throws IOException {
        schemas.edit(
                "models/robot-state.json",
                node -> ((ObjectNode) node.at("/properties/joints_l"))
                        .put("description", "Ends */ export type Evil = {@link x} `1`; \\ <b>. Absent: not known."));
        assertThat(new ModelTypes(schemas.read()).text())
                .contains("Ends *\\/ export type Evil = \\{\\@link x\\} \\`1\\`; \\\\ \\<b\\>.");
    }

    @Test
    void aModelMayNotTakeANameOfTypeScripts() throws IOException {
        String model = Files.readString(schemas.folder().resolve("models/node-health.json"));
        schemas.write("models/documents.json", model.replace("models/node-health.json", "models/documents.json"));
        assertThatThrownBy(() -> new ModelTypes(schemas.read()).text()).hasMessageContaining("documents");
    }

    @Test
    void typesFollowTheSchema() throws IOException {
        assertThat(new ModelTypes(schemas.read()).text())
                .contains("    reason?: 'completed' | 'interrupted' | 'abandoned' | null;")
                .contains("    type: 'session_end';")
                .contains("    joints_l?: number[] | null;")
                .contains("    details?: Record<string, unknown> | null;")
                .contains("    timestamp: Time;")
                .contains("    system_events: CustomEvent;");
    }
}
