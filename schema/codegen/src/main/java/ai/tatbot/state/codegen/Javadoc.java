package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Javadoc made of a schema's words. */
final class Javadoc {
    private Javadoc() {}

    /** What a property means, its unit and its bounds. */
    static String of(Property property) {
        JsonNode schema = property.schema();
        StringBuilder out = new StringBuilder(text(schema.path("description").asText()));
        List<String> facts = Facts.of(schema);
        if (!facts.isEmpty()) {
            out.append("\n\n<p>").append(text(String.join(" ", facts)));
        }
        return out.toString();
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
