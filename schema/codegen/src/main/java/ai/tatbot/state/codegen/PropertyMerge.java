package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One schema of what several say of the same field. They all bind, as in {@code allOf}; a flattened one must not allow more. */
final class PropertyMerge {
    /** What a person reads, and what absence means: here the last one counts. */
    private static final Set<String> WORDS = Set.of("title", "description", "default");

    private PropertyMerge() {}

    /**
     * What both allow.
     *
     * @param where file and field, for the message
     * @param below has the word where the other is silent
     * @throws IllegalStateException if they bound the field in different ways, which one schema cannot say
     */
    static ObjectNode both(String where, JsonNode below, JsonNode above) {
        ObjectNode result = below.deepCopy();
        for (Map.Entry<String, JsonNode> entry : above.properties()) {
            String keyword = entry.getKey();
            JsonNode value = entry.getValue();
            JsonNode other = result.get(keyword);
            if (keyword.equals("type") && other != null) {
                result.set(keyword, types(where, other, value));
            } else if (other == null || WORDS.contains(keyword)) {
                result.set(keyword, value);
            } else if (!other.equals(value)) {
                throw new IllegalStateException(
                        where + ": " + keyword + " is " + other + " in a base, so it cannot be " + value);
            }
        }
        return result;
    }

    private static JsonNode types(String where, JsonNode below, JsonNode above) {
        List<JsonNode> types = new ArrayList<>(listed(below));
        types.retainAll(listed(above));
        if (types.isEmpty() || types.get(0).asText().equals("null")) {
            throw new IllegalStateException(where + ": type is " + below + " in a base, so it cannot be " + above);
        }
        if (types.size() == 1) {
            return types.get(0);
        }
        ArrayNode all = JsonText.object().putArray("type");
        types.forEach(all::add);
        return all;
    }

    private static List<JsonNode> listed(JsonNode type) {
        return type.isArray() ? type.valueStream().toList() : List.of(type);
    }

    /** Of a required field: what its absence would mean is nothing to say. */
    static ObjectNode alwaysThere(JsonNode schema) {
        ObjectNode copy = schema.deepCopy();
        copy.remove("default");
        if (copy.has("description")) {
            copy.put("description", Facts.withoutAbsence(copy.get("description").asText()));
        }
        return copy;
    }
}
