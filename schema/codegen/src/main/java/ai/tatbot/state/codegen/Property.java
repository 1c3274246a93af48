package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.codemodel.JType;

/**
 * One property of a class to generate.
 *
 * @param json name in JSON
 * @param java name in Java
 * @param type its type: primitive where it always has a value
 * @param nullable whether the class may hold null for it
 * @param required whether JSON must have it
 * @param schema its schema
 */
record Property(String json, String java, JType type, boolean nullable, boolean required, JsonNode schema) {
    /** Whether JSON may have null for it. */
    boolean takesNull() {
        return !required && FlatSchema.takesNull(schema);
    }

    /** Which of the methods of {@code JsonFields} handle it. */
    Shape shape() {
        String name = type.fullName();
        return switch (name) {
            case "boolean", "java.lang.Boolean" -> Shape.BOOLEAN;
            case "int", "java.lang.Integer" -> Shape.INT;
            case "long", "java.lang.Long" -> Shape.LONG;
            case "double", "java.lang.Double" -> Shape.DOUBLE;
            case "java.lang.String" -> Shape.STRING;
            case "java.time.Instant" -> Shape.TIME;
            case "java.util.List<java.lang.Double>" -> Shape.DOUBLES;
            case "java.util.List<java.lang.String>" -> Shape.STRINGS;
            default -> {
                if (name.startsWith("java.util.Map")) {
                    yield Shape.OPEN_OBJECT;
                }
                if (schema.has("enum")) {
                    yield Shape.ENUM;
                }
                throw new IllegalStateException(
                        json + " has the type " + name + ", for which the generator has no code; see schema/README.md");
            }
        };
    }

    /** Kinds of values that the dialect knows. */
    enum Shape {
        BOOLEAN,
        INT,
        LONG,
        DOUBLE,
        STRING,
        TIME,
        DOUBLES,
        STRINGS,
        ENUM,
        OPEN_OBJECT
    }
}
