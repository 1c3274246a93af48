package ai.tatbot.state.server.mcp.transport;

import java.util.List;
import java.util.Map;

/** Schemas that the conformance suite looks for, word by word. */
final class ConformanceSchemas {
    static final Map<String, Object> ELICITATION = object(Map.of(
            "username", Map.of("type", "string", "description", "User's response"),
            "email", Map.of("type", "string", "description", "User's email address")));

    static final Map<String, Object> DEFAULTS = object(Map.of(
            "name", Map.of("type", "string", "default", "John Doe"),
            "age", Map.of("type", "integer", "default", 30),
            "score", Map.of("type", "number", "default", 95.5),
            "status", Map.of("type", "string", "enum", List.of("active", "inactive", "pending"), "default", "active"),
            "verified", Map.of("type", "boolean", "default", true)));

    private static final List<String> OPTIONS = List.of("option1", "option2", "option3");
    private static final List<Object> TITLED = List.of(titled("value1", "First"), titled("value2", "Second"));

    static final Map<String, Object> ENUMS = object(Map.of(
            "untitledSingle", Map.of("type", "string", "enum", OPTIONS),
            "titledSingle", Map.of("type", "string", "oneOf", TITLED),
            "legacyEnum",
                    Map.of(
                            "type",
                            "string",
                            "enum",
                            List.of("opt1", "opt2"),
                            "enumNames",
                            List.of("Option One", "Option Two")),
            "untitledMulti", Map.of("type", "array", "items", Map.of("type", "string", "enum", OPTIONS)),
            "titledMulti", Map.of("type", "array", "items", Map.of("anyOf", TITLED))));

    static final Map<String, Object> JSON_SCHEMA_2020_12 = Map.of(
            "$schema",
            "https://json-schema.org/draft/2020-12/schema",
            "type",
            "object",
            "$defs",
            Map.of(
                    "address",
                    Map.of(
                            "type",
                            "object",
                            "properties",
                            Map.of("street", Map.of("type", "string"), "city", Map.of("type", "string")))),
            "properties",
            Map.of("name", Map.of("type", "string"), "address", Map.of("$ref", "#/$defs/address")),
            "additionalProperties",
            false);

    private ConformanceSchemas() {}

    static Map<String, Object> oneText(String name) {
        return Map.of(
                "type", "object", "properties", Map.of(name, Map.of("type", "string")), "required", List.of(name));
    }

    private static Map<String, Object> object(Map<String, Object> properties) {
        return Map.of("type", "object", "properties", properties, "required", List.of());
    }

    private static Map<String, Object> titled(String value, String title) {
        return Map.of("const", value, "title", title);
    }
}
