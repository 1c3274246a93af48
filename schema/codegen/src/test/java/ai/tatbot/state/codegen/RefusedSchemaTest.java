package ai.tatbot.state.codegen;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the generator has no right code for is refused, and the message says where to look. */
class RefusedSchemaTest {
    private static final String MODEL = "models/robot-state.json";

    @TempDir
    Path folder;

    private SchemaCopy schemas;

    @BeforeEach
    void copySchemas() throws Exception {
        schemas = new SchemaCopy(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': 'object', 'properties': {'x': {'type': 'number'}}} | additionalProperties",
                "{'type': 'object', 'additionalProperties': false} | additionalProperties",
                "{'type': ['string', 'number'], 'maxLength': 9} | type",
                "{'type': 'null'} | type",
                "{'oneOf': [{'type': 'string'}, {'type': 'null'}]} | oneOf",
                "{'type': ['array', 'null'], 'items': {'type': 'object'}, 'maxItems': 9} | items/type",
                "{'type': ['array', 'null'], 'items': {'type': 'integer'}, 'maxItems': 9} | items/type",
                "{'type': ['array', 'null'], 'items': {'type': 'number'}} | maxItems",
                "{'type': 'array', 'items': {'type': 'number'}, 'maxItems': 9, 'default': []} | default",
                "{'type': ['number', 'null'], 'default': 1} | default",
                "{'type': 'number', 'default': '1'} | default",
                "{'type': 'boolean', 'default': 0} | default",
                "{'type': 'string', 'default': ''} | maxLength",
                "{'type': 'string', 'enum': [1, 2], 'default': 'a'} | enum",
                "{'type': 'number', 'default': 1, 'x-unit': 'furlong'} | x-unit",
                "{'const': 5} | const"
            })
    void outsideTheDialect(String field, String place) throws Exception {
        schemas.addField(MODEL, "added", with(field));
        assertThatThrownBy(schemas::generate)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(MODEL, "/properties/added", place);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': 'number'} | may be absent, so it must be nullable or have a default; else make it required",
                "{'type': 'integer', 'default': 2.5} | default must be an integer, was 2.5",
                "{'type': 'integer', 'default': 1, 'minimum': 0.5} | minimum must be an integer, was 0.5",
                "{'type': ['integer', 'null'], 'maximum': 1e30} | maximum must be an integer, was 1.0E30",
                "{'type': 'string', 'pattern': '^(a$', 'default': 'a'} | Java does not understand the pattern: Unclosed group",
                "{'type': 'string', 'format': 'utc-time', 'maxLength': 40, 'default': 'x'} | a time may not have a default"
            })
    void outsideTheGenerator(String field, String why) throws Exception {
        schemas.addField(MODEL, "added", with(field));
        assertThatThrownBy(schemas::generate).hasMessage(MODEL + ": field added: " + why);
    }

    @Test
    void requiredButNullable() throws Exception {
        schemas.edit(MODEL, node -> node.putArray("required").add("joints_l"));
        assertThatThrownBy(schemas::generate)
                .hasMessage(MODEL + ": field joints_l: is required, so it may not be null");
    }

    @Test
    void requiredOfABaseThatLetsItBeNull() throws Exception {
        schemas.edit(
                "events/session-end.json", node -> node.withArray("required").add("rev"));
        assertThatThrownBy(schemas::generate)
                .hasMessage("events/session-end.json: field rev: is required, so it may not be null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': ['string', 'null'], 'pattern': '^x$'} | pattern is \"^[0-9]{1,20}-[0-9]{1,20}$\" in a base, so it cannot be \"^x$\"",
                "{'type': ['integer', 'null']} | type is [\"string\",\"null\"] in a base, so it cannot be [\"integer\",\"null\"]"
            })
    void boundInAnotherWayThanInABase(String field, String why) throws Exception {
        schemas.addField("events/session-end.json", "event_id", with(field));
        assertThatThrownBy(schemas::generate).hasMessage("events/session-end.json: field event_id: " + why);
    }

    @Test
    void requiredButMissing() throws Exception {
        schemas.edit(MODEL, node -> node.putArray("required").add("wings"));
        assertThatThrownBy(schemas::generate).hasMessage(MODEL + ": required field wings does not exist");
    }

    @Test
    void constantThatIsNotTheType() throws Exception {
        schemas.addField(MODEL, "added", SchemaCopy.json("{'const': 'x'}"));
        assertThatThrownBy(schemas::generate).hasMessage(MODEL + ": field added: only the field type may be a const");
    }

    @Test
    void twoFieldsWithOneNameInJava() throws Exception {
        schemas.addField(MODEL, "added_1", with("{'type': 'boolean', 'default': true}"));
        schemas.addField(MODEL, "added1", with("{'type': 'boolean', 'default': true}"));
        assertThatThrownBy(schemas::generate)
                .hasMessage(MODEL + ": fields added_1 and added1 have the same name in Java, added1");
    }

    @Test
    void fieldOfTheModelThatTheEventHasForItself() throws Exception {
        schemas.addField(
                "models/stroke-progress.json", "session_id", with("{'type': ['string', 'null'], 'maxLength': 9}"));
        assertThatThrownBy(schemas::generate)
                .hasMessage(
                        "events/progress-update.json: field session_id is also a field of the model that it carries; refer to that");
    }

    @Test
    void fieldOfTheModelThatEveryEventHas() throws Exception {
        schemas.addField("models/stroke-progress.json", "rev", with("{'type': ['string', 'null'], 'maxLength': 9}"));
        assertThatThrownBy(schemas::generate)
                .hasMessageStartingWith("events/progress-update.json: field rev of ../models/stroke-progress.json")
                .hasMessageEndingWith("x-rename");
    }

    @Test
    void renameOfNothing() throws Exception {
        schemas.edit(
                "events/progress-update.json",
                node -> node.withObjectProperty("x-rename").put("no_field", "other"));
        assertThatThrownBy(schemas::generate)
                .hasMessage("events/progress-update.json: x-rename: no carried model has a field no_field");
    }

    @Test
    void referenceToNothing() throws Exception {
        schemas.addField(
                "events/session-start.json",
                "added",
                SchemaCopy.json("{'$ref': '../models/stroke-progress.json#/properties/wings'}"));
        assertThatThrownBy(schemas::generate)
                .hasMessage(
                        "events/session-start.json: ../models/stroke-progress.json#/properties/wings leads nowhere");
    }

    @Test
    void missingFile() throws Exception {
        schemas.delete("types/category.json");
        assertThatThrownBy(schemas::generate).hasMessage("types/category.json is referred to, but does not exist");
    }

    @Test
    void notJson() throws Exception {
        schemas.write(MODEL, "{\"type\": ");
        assertThatThrownBy(schemas::generate).hasMessageStartingWith(MODEL + " is not JSON: ");
        schemas.write(MODEL, "[]");
        assertThatThrownBy(schemas::generate).hasMessage(MODEL + " is not a JSON object");
    }

    @Test
    void fieldTwice() throws Exception {
        schemas.write(MODEL, "{\"type\": \"object\", \"type\": \"object\"}");
        assertThatThrownBy(schemas::generate).hasMessageContainingAll(MODEL, "Duplicate field 'type'");
    }

    @Test
    void keyAndChannelOutsideTheirRules() throws Exception {
        schemas.edit("keys/robot-state.json", node -> node.put("ttl_seconds", 0));
        assertThatThrownBy(schemas::generate).hasMessageContainingAll("keys/robot-state.json", "/ttl_seconds");
        schemas.edit("keys/robot-state.json", node -> node.put("ttl_seconds", 1).put("index", "robot_state"));
        assertThatThrownBy(schemas::generate)
                .hasMessage("key robot_state: no key of the type set is named robot_state");
        schemas.edit("keys/robot-state.json", node -> node.put("index", "index_nodes"));
        schemas.edit("channels/robot-events.json", node -> node.put("template", "robot:*"));
        assertThatThrownBy(schemas::generate).hasMessageContainingAll("channels/robot-events.json", "/template");
    }

    @Test
    void twoClassesOfOneName() throws Exception {
        String model = "{'$schema': 'https://json-schema.org/draft/2020-12/schema', '$id': "
                + "'https://tatbot.ai/schema/state/v1/models/%s.json', 'title': 'T', 'description': 'D', "
                + "'type': 'object', 'allOf': [{'$ref': 'base.json'}], 'properties': {'x': {'title': 'T', "
                + "'description': 'D', 'type': ['number', 'null']}}}";
        for (String name : new String[] {"session-end-reason", "robot-event", "keys", "session-end"}) {
            String file = "models/" + name + ".json";
            schemas.write(file, SchemaCopy.json(model.formatted(name)).toString());
            assertThatThrownBy(schemas::generate).as(name).hasMessageMatching(".*(has the class|are named) .*");
            schemas.delete(file);
        }
        schemas.generate();
    }

    private static ObjectNode with(String field) throws Exception {
        return SchemaCopy.json(field).put("title", "T").put("description", "D.");
    }
}
