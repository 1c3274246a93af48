package ai.tatbot.state.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.SchemaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules refuse what they should: without this, rules that refuse nothing would look as good. */
class DialectTest {
    private static final String DIALECT = "meta/dialect.json";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'title': 'T', 'description': 'D', 'type': 'boolean'}",
                "{'title': 'T', 'description': 'D', 'type': 'number', 'minimum': 0, 'default': 0.5, 'x-unit': 's'}",
                "{'title': 'T', 'description': 'D', 'type': ['array', 'null'], 'items': {'type': 'number'}, 'maxItems': 7}",
                "{'title': 'T', 'description': 'D', 'type': ['object', 'null'], 'additionalProperties': true}",
                "{'title': 'T', 'description': 'D', 'type': 'string', 'enum': ['l', 'r']}",
                "{'$ref': '../types/time.json', 'title': 'T', 'description': 'D'}",
                "{'$ref': '../models/node-health.json#/properties/last_heartbeat'}",
                "{'const': 'online'}"
            })
    void allowedProperty(String property) {
        assertThat(SchemaValidator.errors(DIALECT, with(property))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'description': 'D', 'type': 'boolean'}",
                "{'title': 'T', 'type': 'boolean'}",
                "{'title': '', 'description': 'D', 'type': 'boolean'}",
                "{'title': 'T', 'description': 'D'}",
                "{'title': 'T', 'description': 'D', 'type': 'null'}",
                "{'title': 'T', 'description': 'D', 'type': ['string', 'number'], 'maxLength': 9}",
                "{'title': 'T', 'description': 'D', 'type': ['null', 'boolean']}",
                "{'title': 'T', 'description': 'D', 'type': ['boolean', 'null'], 'default': false}",
                "{'title': 'T', 'description': 'D', 'type': 'boolean', 'default': 'false'}",
                "{'title': 'T', 'description': 'D', 'type': 'boolean', 'examples': [true]}",
                "{'title': 'T', 'description': 'D', 'type': 'boolean', 'x-unit': 's'}",
                "{'title': 'T', 'description': 'D', 'type': 'number', 'x-unit': 'furlong'}",
                "{'title': 'T', 'description': 'D', 'type': 'number', 'multipleOf': 2}",
                "{'title': 'T', 'description': 'D', 'type': 'number', 'default': '1'}",
                "{'title': 'T', 'description': 'D', 'type': 'string'}",
                "{'title': 'T', 'description': 'D', 'type': 'string', 'pattern': '[a-z]+'}",
                "{'title': 'T', 'description': 'D', 'type': 'string', 'maxLength': 9, 'format': 'date-time'}",
                "{'title': 'T', 'description': 'D', 'type': 'string', 'enum': [1, 2]}",
                "{'title': 'T', 'description': 'D', 'type': 'array', 'items': {'type': 'number'}}",
                "{'title': 'T', 'description': 'D', 'type': 'array', 'maxItems': 7}",
                "{'title': 'T', 'description': 'D', 'type': 'array', 'items': {'type': 'object'}, 'maxItems': 7}",
                "{'title': 'T', 'description': 'D', 'type': 'array', 'items': {'type': 'integer'}, 'maxItems': 7}",
                "{'title': 'T', 'description': 'D', 'type': 'object'}",
                "{'title': 'T', 'description': 'D', 'type': 'object', 'additionalProperties': false}",
                "{'title': 'T', 'description': 'D', 'type': 'object', 'properties': {}, 'additionalProperties': true}",
                "{'title': 'T', 'description': 'D', 'oneOf': [{'type': 'string'}, {'type': 'null'}]}",
                "{'$ref': '../types/time.json', 'title': 'T'}",
                "{'$ref': '../types/time.json', 'default': '2025-08-18T20:09:37Z'}",
                "{'$ref': '#/properties/other'}",
                "{'$ref': 'https://example.org/other.json'}",
                "{'const': 1}",
                "{'const': 'online', 'type': 'string'}",
                "{}",
                "true"
            })
    void refusedProperty(String property) {
        assertThat(SchemaValidator.errors(DIALECT, with(property))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'additionalProperties': false}",
                "{'unevaluatedProperties': false}",
                "{'allOf': [{'type': 'object'}]}",
                "{'allOf': [{'$ref': '../types/time.json'}]}",
                "{'anyOf': [{'$ref': 'base.json'}]}",
                "{'$defs': {}}",
                "{'properties': {}}",
                "{'properties': {'camelCase': {'const': 'x'}}}",
                "{'required': []}",
                "{'title': ''}",
                "{'type': 'array'}",
                "{'type': ['object', 'null']}",
                "{'$id': 'https://example.org/models/x.json'}",
                "{'$schema': 'http://json-schema.org/draft-07/schema#'}",
                "{'x-rename': {}}",
                "{'x-other': true}"
            })
    void refusedObject(String change) {
        ObjectNode schema = with("{'const': 'x'}");
        schema.setAll((ObjectNode) SchemaFiles.parse(change.replace('\'', '"')));
        assertThat(SchemaValidator.errors(DIALECT, schema)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{'default': 'hog'}", "{'type': ['string', 'null']}", "{'properties': {}}", "{'pattern': 'a'}"})
    void refusedType(String change) {
        ObjectNode schema = (ObjectNode) SchemaFiles.read("types/node-id.json");
        assertThat(SchemaValidator.errors(DIALECT, schema)).isEmpty();
        schema.setAll((ObjectNode) SchemaFiles.parse(change.replace('\'', '"')));
        assertThat(SchemaValidator.errors(DIALECT, schema)).isNotEmpty();
    }

    @Test
    void unknownFormatIsRefused() {
        JsonNode schema = SchemaFiles.parse("{\"type\": \"string\", \"format\": \"utc-tme\"}");
        JsonNode time = SchemaFiles.parse("\"2025-08-18T20:09:37Z\"");
        assertThat(SchemaValidator.errors(schema, time)).hasSize(1);
    }

    @Test
    void unknownKeywordIsRefused() {
        JsonNode schema = SchemaFiles.parse("{\"type\": \"string\", \"x-unti\": \"s\"}");
        assertThatThrownBy(() -> SchemaValidator.errors(schema, schema)).isInstanceOf(SchemaException.class);
    }

    @Test
    void unknownReferenceIsRefused() {
        JsonNode schema = SchemaFiles.parse("{\"$ref\": \"../types/no-such-type.json\"}");
        assertThatThrownBy(() -> SchemaValidator.errors(schema, schema)).isInstanceOf(SchemaException.class);
    }

    private static ObjectNode with(String property) {
        String schema = """
                {
                  "$schema": "https://json-schema.org/draft/2020-12/schema",
                  "$id": "https://tatbot.ai/schema/state/v1/models/x.json",
                  "title": "T",
                  "description": "D",
                  "type": "object",
                  "properties": { "x": %s }
                }
                """;
        return (ObjectNode) SchemaFiles.parse(schema.formatted(property.replace('\'', '"')));
    }
}
