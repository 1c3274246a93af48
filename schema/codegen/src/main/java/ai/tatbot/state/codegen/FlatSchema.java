package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model or event with its bases merged in and its references resolved.
 *
 * @param name base name of its file, such as {@code stroke-progress}
 * @param node the schema: title, description, properties, required
 * @param required names of the required properties
 * @param constantType value that its {@code type} must have; null if it is open, or no event
 * @param carries the model that an event carries; null if none
 * @param carried property of the event to property of that model
 */
record FlatSchema(
        String name,
        boolean event,
        ObjectNode node,
        Set<String> required,
        @Nullable String constantType,
        @Nullable String carries,
        Map<String, String> carried) {

    String className() {
        return Names.pascal(name);
    }

    Optional<String> carriedModelClass() {
        return Optional.ofNullable(carries).map(Names::pascal);
    }

    /** Whether its class may hold null for a field. */
    boolean isNullable(String field) {
        return !required.contains(field)
                && !node.withObjectProperty("properties").path(field).has("default");
    }

    /** Whether JSON may have null for a field of this schema; a class may hold it all the same, for what an event does not say. */
    static boolean takesNull(JsonNode field) {
        for (JsonNode type : field.path("type")) {
            if (type.asText().equals("null")) {
                return true;
            }
        }
        return false;
    }

    Iterable<Map.Entry<String, JsonNode>> properties() {
        return node.withObjectProperty("properties").properties();
    }
}
