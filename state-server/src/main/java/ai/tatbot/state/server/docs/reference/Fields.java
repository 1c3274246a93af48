package ai.tatbot.state.server.docs.reference;

import ai.tatbot.state.server.docs.Markdown;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Fields of an object, as a table. */
final class Fields {
    private Fields() {}

    /** Adds the table of an object's fields. */
    static void table(Markdown out, JsonNode object) {
        Set<String> required =
                object.path("required").valueStream().map(JsonNode::asString).collect(Collectors.toUnmodifiableSet());
        out.columns("Field", "Type", "Unit", "Values", "Meaning");
        object.path("properties")
                .forEachEntry((name, field) -> out.row(
                        Markdown.code(name),
                        type(field)
                                + (takesNull(field) ? " or null" : "")
                                + (required.contains(name) ? ", required" : ""),
                        text(field, "x-unit"),
                        values(field),
                        meaning(field)));
    }

    private static boolean takesNull(JsonNode field) {
        return field.path("type").valueStream().anyMatch(type -> type.asString().equals("null"));
    }

    private static String meaning(JsonNode field) {
        String title = text(field, "title");
        String description = text(field, "description");
        return title.isEmpty() ? description : "**" + title + ".** " + description;
    }

    /** Its type, without null. */
    private static String type(JsonNode field) {
        if (field.has("const")) {
            return "string";
        }
        JsonNode type = field.path("type");
        String name = type.isArray()
                ? type.valueStream()
                        .map(JsonNode::asString)
                        .filter(each -> !each.equals("null"))
                        .collect(Collectors.joining(" or "))
                : type.asString("any");
        if (name.equals("array") && field.has("items")) {
            return "array of " + type(field.path("items"));
        }
        return text(field, "format").equals("utc-time") ? "time" : name;
    }

    private static String values(JsonNode field) {
        if (field.has("const")) {
            return Markdown.code(text(field, "const"));
        }
        List<String> parts = new ArrayList<>();
        if (field.has("enum")) {
            parts.add(field.path("enum")
                    .valueStream()
                    .filter(value -> !value.isNull())
                    .map(value -> Markdown.code(value.asString()))
                    .collect(Collectors.joining(", ")));
        }
        bounds(field, "minimum", "maximum", "").ifPresent(parts::add);
        bounds(field, "minLength", "maxLength", " characters").ifPresent(parts::add);
        bounds(field, "minItems", "maxItems", " items").ifPresent(parts::add);
        if (field.has("pattern") && !text(field, "format").equals("utc-time")) {
            parts.add(Markdown.code(text(field, "pattern")));
        }
        if (field.has("default")) {
            parts.add("default " + Markdown.code(field.path("default").toString()));
        }
        return String.join("; ", parts);
    }

    private static Optional<String> bounds(JsonNode field, String least, String most, String of) {
        if (field.has(least)) {
            String from = field.path(least).toString();
            return Optional.of(from + (field.has(most) ? " to " + field.path(most) : " or more") + of);
        }
        return field.has(most) ? Optional.of("at most " + field.path(most) + of) : Optional.empty();
    }

    /** A property that is a text; empty if there is none. */
    static String text(JsonNode object, String name) {
        return object.path(name).asString("");
    }
}
