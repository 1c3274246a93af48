package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One field of a Python class to generate.
 *
 * @param json name in JSON
 * @param python name in Python
 * @param nullable whether the class may hold None for it
 * @param required whether JSON must have it
 * @param schema its schema
 */
record PythonProperty(String json, String python, boolean nullable, boolean required, JsonNode schema) {
    /** The field that is the present time unless it is given, in Python as in Java. */
    private static final String SET_BY_ITSELF = "timestamp";

    static List<PythonProperty> of(FlatSchema schema) {
        List<PythonProperty> properties = new ArrayList<>();
        schema.properties()
                .forEach(entry -> properties.add(new PythonProperty(
                        entry.getKey(),
                        PythonNames.field(entry.getKey()),
                        schema.isNullable(entry.getKey()),
                        schema.required().contains(entry.getKey()),
                        entry.getValue())));
        return properties;
    }

    /** Whether it always has the same value. */
    boolean isConstant() {
        return schema.has("const");
    }

    private String typeName() {
        JsonNode type = schema.path("type");
        return (type.isArray() ? type.get(0) : type).asText();
    }

    private boolean isTime() {
        return schema.path("format").asText().equals("utc-time");
    }

    /** How a type checker knows it. */
    String annotation() {
        String type = bareAnnotation();
        return nullable ? type + " | None" : type;
    }

    private String bareAnnotation() {
        if (isConstant()) {
            return "Literal[" + PythonText.literal(schema.get("const").asText()) + "]";
        }
        if (schema.has("enum")) {
            return "Literal[" + String.join(", ", choices()) + "]";
        }
        return switch (typeName()) {
            case "boolean" -> "bool";
            case "integer" -> "int";
            case "number" -> "float";
            case "string" -> isTime() ? "datetime" : "str";
            case "array" -> "Sequence[" + (isOfNumbers() ? "float" : "str") + "]";
            case "object" -> "Mapping[str, Any]";
            default -> throw unknown();
        };
    }

    private List<String> choices() {
        return StreamSupport.stream(schema.get("enum").spliterator(), false)
                .filter(JsonNode::isTextual)
                .map(value -> PythonText.literal(value.asText()))
                .toList();
    }

    private boolean isOfNumbers() {
        return schema.path("items").path("type").asText().equals("number");
    }

    /** What follows the annotation in the class; empty if the caller must give a value. */
    String assignment() {
        if (isConstant()) {
            return " = " + PythonText.literal(schema.get("const").asText());
        }
        if (json.equals(SET_BY_ITSELF)) {
            return " = field(default_factory=wire_time.now)";
        }
        if (required) {
            return "";
        }
        return nullable ? " = None" : " = " + defaultValue();
    }

    private String defaultValue() {
        JsonNode value = schema.get("default");
        return switch (typeName()) {
            case "boolean" -> value.asBoolean() ? "True" : "False";
            case "integer" -> Long.toString(value.asLong());
            case "number" -> Double.toString(value.asDouble());
            case "string" -> PythonText.literal(value.asText());
            default -> throw unknown();
        };
    }

    /** The object that reads, checks and writes it. */
    String check() {
        if (isConstant()) {
            return call(
                    "Constant", List.of(PythonText.literal(schema.get("const").asText())));
        }
        if (schema.has("enum")) {
            return call("Choice", List.of("(" + String.join(", ", choices()) + ",)"));
        }
        return switch (typeName()) {
            case "boolean" -> call("Flag", List.of());
            case "integer" -> call("Integer", List.of("minimum=" + least(), "maximum=" + greatest()));
            case "number" -> call("Number", numberBounds());
            case "string" -> isTime() ? call("Time", List.of()) : call("Text", textBounds());
            case "array" -> call(isOfNumbers() ? "Numbers" : "Texts", bounds("minItems", "maxItems"));
            case "object" -> call("OpenObject", List.of());
            default -> throw unknown();
        };
    }

    private String call(String type, List<String> arguments) {
        List<String> all = new ArrayList<>();
        all.add(PythonText.literal(json));
        all.addAll(arguments);
        if (!python.equals(json)) {
            all.add("attribute=" + PythonText.literal(python));
        }
        if (required) {
            all.add("required=True");
        }
        if (nullable) {
            all.add(FlatSchema.takesNull(schema) ? "nullable=True" : "unsaid=True");
        }
        return type + "(" + String.join(", ", all) + ")";
    }

    /** Whether Java holds it in 64 bits: as jsonschema2pojo decides, so that both refuse the same. */
    private boolean isLong() {
        return schema.path("minimum").isLong() || schema.path("maximum").isLong();
    }

    private long least() {
        long least = isLong() ? Long.MIN_VALUE : Integer.MIN_VALUE;
        return schema.has("minimum") ? Math.max(least, schema.get("minimum").asLong()) : least;
    }

    private long greatest() {
        long greatest = isLong() ? Long.MAX_VALUE : Integer.MAX_VALUE;
        return schema.has("maximum") ? Math.min(greatest, schema.get("maximum").asLong()) : greatest;
    }

    private List<String> numberBounds() {
        List<String> bounds = new ArrayList<>();
        add(bounds, "minimum", bound("minimum"));
        add(bounds, "maximum", bound("maximum"));
        return bounds;
    }

    private @Nullable String bound(String keyword) {
        return schema.has(keyword) ? Double.toString(schema.get(keyword).asDouble()) : null;
    }

    private List<String> textBounds() {
        List<String> bounds = bounds("minLength", "maxLength");
        if (schema.has("pattern")) {
            bounds.add("pattern="
                    + PythonText.literal(
                            SchemaFolder.withoutAnchors(schema.get("pattern").asText())));
        }
        return bounds;
    }

    private List<String> bounds(String least, String most) {
        List<String> bounds = new ArrayList<>();
        add(bounds, "least", schema.has(least) ? schema.get(least).asText() : null);
        add(bounds, "most", schema.has(most) ? schema.get(most).asText() : null);
        return bounds;
    }

    private static void add(List<String> bounds, String name, @Nullable String value) {
        if (value != null) {
            bounds.add(name + "=" + value);
        }
    }

    /** What it means, with its unit and its bounds. */
    String words() {
        String description = schema.path("description").asText();
        StringBuilder words = new StringBuilder(required ? Facts.withoutAbsence(description) : description);
        Facts.of(schema).forEach(fact -> words.append(' ').append(fact));
        return words.toString();
    }

    /** Its bounds as pydantic knows them, for the JSON Schema that pydantic makes. */
    List<String> pydanticBounds() {
        List<String> bounds = new ArrayList<>();
        if (schema.has("enum") || isTime()) {
            return bounds;
        }
        add(bounds, "ge", number("minimum"));
        add(bounds, "le", number("maximum"));
        add(bounds, "min_length", number("minLength"));
        add(bounds, "max_length", number("maxLength"));
        add(bounds, "min_length", number("minItems"));
        add(bounds, "max_length", number("maxItems"));
        return bounds;
    }

    private @Nullable String number(String keyword) {
        return schema.has(keyword) ? new BigDecimal(schema.get(keyword).asText()).toPlainString() : null;
    }

    private IllegalStateException unknown() {
        return new IllegalStateException(
                json + " has the type " + typeName() + ", for which the generator of Python has no code");
    }
}
