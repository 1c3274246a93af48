package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the keywords of a schema say, in words: unit and bounds. */
final class Facts {
    /** Greatest values that only say how wide an integer is. */
    private static final List<Long> WIDEST = List.of((long) Integer.MAX_VALUE, 9007199254740991L);

    private Facts() {}

    /** Sentences, as plain text; none where there is nothing to say. */
    static List<String> of(JsonNode schema) {
        List<String> facts = new ArrayList<>();
        if (schema.has("x-unit")) {
            facts.add("Unit: " + schema.get("x-unit").asText() + ".");
        }
        bounds(facts, "Range: ", schema.get("minimum"), schema.get("maximum"), "");
        bounds(facts, "Length: ", schema.get("minItems"), schema.get("maxItems"), " values");
        bounds(facts, "Length: ", schema.get("minLength"), schema.get("maxLength"), " characters");
        return facts;
    }

    /** A description without its last sentence, which says what absence means. */
    static String withoutAbsence(String description) {
        return description.replaceFirst("\\s*Absent:.*$", "");
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
}
