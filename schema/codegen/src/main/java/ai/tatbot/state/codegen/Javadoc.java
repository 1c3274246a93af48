package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Javadoc made of a schema's words. */
final class Javadoc {
    /** Greatest values that only say how wide an integer is. */
    private static final List<Long> WIDEST = List.of((long) Integer.MAX_VALUE, 9007199254740991L);

    private Javadoc() {}

    /** What a property means, its unit and its bounds. */
    static String of(Property property) {
        JsonNode schema = property.schema();
        String description = schema.path("description").asText();
        StringBuilder out = new StringBuilder(text(property.required() ? withoutAbsence(description) : description));
        List<String> facts = facts(schema);
        if (!facts.isEmpty()) {
            out.append("\n\n<p>").append(String.join(" ", facts));
        }
        return out.toString();
    }

    /** A description without its last sentence, which says what absence means. */
    static String withoutAbsence(String description) {
        return description.replaceFirst("\\s*Absent:.*$", "");
    }

    /** Its unit and its bounds, a sentence each. */
    static List<String> facts(JsonNode schema) {
        List<String> facts = new ArrayList<>();
        if (schema.has("x-unit")) {
            facts.add("Unit: " + text(schema.get("x-unit").asText()) + ".");
        }
        bounds(facts, "Range: ", schema.get("minimum"), schema.get("maximum"), "");
        bounds(facts, "Length: ", schema.get("minItems"), schema.get("maxItems"), " values");
        bounds(facts, "Length: ", schema.get("minLength"), schema.get("maxLength"), " characters");
        return facts;
    }

    private static void bounds(
            List<String> facts, String what, @Nullable JsonNode minimum, @Nullable JsonNode widest, String of) {
        JsonNode maximum = widest == null || WIDEST.contains(widest.asLong()) ? null : widest;
        if (minimum != null && maximum != null) {
            facts.add(what + minimum.asText() + " to " + maximum.asText() + of + ".");
        } else if (minimum != null) {
            facts.add(what + minimum.asText() + " or more" + of + ".");
        } else if (maximum != null) {
            facts.add(what + "at most " + maximum.asText() + of + ".");
        }
    }

    /** Text as it may stand in a Javadoc comment, where tags, entities and backslashes have a meaning of their own. */
    static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;")
                .replace("{", "&#123;")
                .replace("}", "&#125;")
                .replace("\\", "&#92;")
                .replace("*/", "*&#47;");
    }
}
