package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** TSDoc comments made of a schema's words. */
final class TsDoc {
    private TsDoc() {}

    /** A comment of one paragraph for each text that is not empty. */
    static String comment(String indent, String... paragraphs) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : paragraphs) {
            if (!paragraph.isEmpty()) {
                if (!lines.isEmpty()) {
                    lines.add("");
                }
                lines.add(text(paragraph));
            }
        }
        if (lines.size() == 1) {
            return indent + "/** " + lines.get(0) + " */\n";
        }
        StringBuilder out = new StringBuilder(indent).append("/**\n");
        for (String line : lines) {
            out.append(indent).append(line.isEmpty() ? " *" : " * " + line).append('\n');
        }
        return out.append(indent).append(" */\n").toString();
    }

    /** What a field means, its unit and its bounds, and what its absence means. */
    static String field(String indent, JsonNode schema) {
        List<String> facts = new ArrayList<>();
        if (schema.path("type").asText().equals("integer")
                || schema.path("type").path(0).asText().equals("integer")) {
            facts.add("An integer.");
        }
        facts.addAll(Facts.of(schema));
        return comment(indent, schema.path("description").asText(), String.join(" ", facts));
    }

    /** Text as it may stand in a comment, where tags, braces, markup and backslashes have a meaning of their own. */
    static String text(String text) {
        return text.replaceAll("\\s+", " ")
                .replaceAll("([\\\\@{}<>`])", "\\\\$1")
                .replace("*/", "*\\/");
    }
}
