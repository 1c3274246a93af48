package ai.tatbot.state.server.languages;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Of a valid document the invalid ones: for each field and each keyword of its schema, one that breaks that and nothing else. */
final class Mutations {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Fields fields;
    private final ObjectNode valid;
    private final List<Mutation> mutations = new ArrayList<>();

    private Mutations(Fields fields, ObjectNode valid) {
        this.fields = fields;
        this.valid = valid;
    }

    /** @param what such as {@code cpu_percent: maximum} */
    record Mutation(String what, ObjectNode document) {
        @Override
        public String toString() {
            return what;
        }
    }

    static List<Mutation> of(Fields fields, ObjectNode valid) {
        Mutations of = new Mutations(fields, valid);
        fields.schemas().forEach(of::ofField);
        return of.mutations;
    }

    private void ofField(String name, JsonNode schema) {
        if (fields.required().contains(name)) {
            ObjectNode without = valid.deepCopy();
            without.remove(name);
            mutations.add(new Mutation(name + ": required", without));
        }
        if (!fields.isType(name, "null")) {
            with(name, "null", NODES.nullNode());
        }
        if (schema.has("const")) {
            with(name, "const", NODES.stringNode("something_else"));
            return;
        }
        if (schema.has("type")) {
            with(name, "type", ofAnotherType(name));
            if (fields.isType(name, "integer")) {
                with(name, "fraction", NODES.numberNode(1.5));
            }
        }
        boolean isWhole = fields.isType(name, "integer");
        if (schema.has("minimum")) {
            with(name, "minimum", beyond(schema.path("minimum"), -1, isWhole));
        }
        if (schema.has("maximum")) {
            with(name, "maximum", beyond(schema.path("maximum"), 1, isWhole));
        }
        if (schema.has("pattern")) {
            with(name, "pattern", NODES.stringNode("- not that\n"));
        }
        if (schema.has("format")) {
            with(name, "format", NODES.stringNode("2026-02-30T12:00:00Z"));
        }
        if (schema.has("enum")) {
            with(name, "enum", NODES.stringNode("none_of_them"));
        }
        if (schema.has("maxLength")) {
            with(
                    name,
                    "maxLength",
                    NODES.stringNode("\u00e9".repeat(schema.path("maxLength").asInt() + 1)));
        }
        if (schema.path("minLength").asInt(0) > 0) {
            with(name, "minLength", NODES.stringNode(""));
        }
        if (schema.has("maxItems")) {
            with(
                    name,
                    "maxItems",
                    repeated(schema.path("items"), schema.path("maxItems").asInt() + 1));
        }
        if (schema.has("items")) {
            with(name, "items", NODES.arrayNode().add(NODES.objectNode()));
        }
    }

    private void with(String name, String keyword, JsonNode value) {
        ObjectNode changed = valid.deepCopy();
        changed.set(name, value);
        mutations.add(new Mutation(name + ": " + keyword, changed));
    }

    private JsonNode ofAnotherType(String name) {
        if (fields.isType(name, "string")) {
            return NODES.numberNode(7);
        }
        // A number as text, true as text: what lenient readers take.
        return NODES.stringNode(fields.isType(name, "boolean") ? "true" : "1");
    }

    private static JsonNode beyond(JsonNode limit, int by, boolean isWhole) {
        return isWhole ? NODES.numberNode(limit.asLong() + by) : NODES.numberNode(limit.asDouble() + by * 0.5);
    }

    private static ArrayNode repeated(JsonNode items, int count) {
        ArrayNode values = NODES.arrayNode();
        for (int i = 0; i < count; i++) {
            values.add(items.path("type").asString("").equals("string") ? NODES.stringNode("x") : NODES.numberNode(1));
        }
        return values;
    }
}
