package ai.tatbot.state.server.mcp;

import ai.tatbot.state.model.Shown;
import ai.tatbot.state.server.operation.OperationException;
import ai.tatbot.state.server.operation.OperationException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Checks a tool's arguments against its own input schema: names, types, lengths, ranges and choices. What a key or an event may be, the
 * operation itself knows better.
 */
final class ArgumentCheck {
    private ArgumentCheck() {}

    /** @throws OperationException INVALID_ARGUMENT that says what is allowed */
    static void check(JsonNode schema, JsonNode arguments) {
        JsonNode properties = schema.get("properties");
        for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
            JsonNode property = properties.get(argument.getKey());
            if (property == null) {
                throw invalid("there is no argument " + Shown.text(argument.getKey()) + "; allowed are "
                        + String.join(", ", names(properties)));
            }
            checkOne(argument.getKey(), property, argument.getValue());
        }
        for (JsonNode required : schema.path("required")) {
            if (!arguments.has(required.stringValue())) {
                throw invalid(required.stringValue() + " is missing; it must be "
                        + allowed(properties.get(required.stringValue())));
            }
        }
    }

    private static void checkOne(String name, JsonNode property, JsonNode value) {
        boolean fits = switch (property.get("type").stringValue()) {
            case "string" -> value.isString() && isText(property, value.stringValue());
            case "integer" -> value.isIntegralNumber() && value.canConvertToLong() && isInRange(property, value);
            case "boolean" -> value.isBoolean();
            default -> value.isObject();
        };
        if (!fits) {
            throw invalid(name + " is not allowed; it must be " + allowed(property));
        }
    }

    private static boolean isText(JsonNode property, String value) {
        int length = value.codePointCount(0, value.length());
        return length >= property.path("minLength").asInt(0)
                && length <= property.path("maxLength").asInt(Integer.MAX_VALUE)
                && (!property.has("enum") || choices(property).contains(value));
    }

    private static boolean isInRange(JsonNode property, JsonNode value) {
        return value.longValue() >= property.get("minimum").longValue()
                && value.longValue() <= property.get("maximum").longValue();
    }

    private static String allowed(JsonNode property) {
        return switch (property.get("type").stringValue()) {
            case "string" ->
                property.has("enum")
                        ? "one of " + String.join(", ", choices(property))
                        : "a text of " + property.get("minLength") + " to " + property.get("maxLength") + " characters";
            case "integer" -> "an integer from " + property.get("minimum") + " to " + property.get("maximum");
            case "boolean" -> "true or false";
            default -> "an object";
        };
    }

    private static List<String> choices(JsonNode property) {
        List<String> choices = new ArrayList<>();
        property.path("enum").forEach(choice -> choices.add(choice.stringValue()));
        return choices;
    }

    private static List<String> names(JsonNode properties) {
        List<String> names = new ArrayList<>();
        properties.properties().forEach(property -> names.add(property.getKey()));
        return names;
    }

    private static OperationException invalid(String message) {
        return new OperationException(Code.INVALID_ARGUMENT, message);
    }
}
