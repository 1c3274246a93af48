package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What a property must be beyond the meta schema, so that the Java made of it is right. */
final class PropertyRules {
    private PropertyRules() {}

    /**
     * @param where file and property, for the message
     * @param schema with its reference followed
     * @throws IllegalStateException if the generator has no right code for it
     */
    static void check(String where, String name, JsonNode schema, boolean required) {
        if (schema.has("const")) {
            refuseIf(!name.equals("type"), where, "only the field type may be a const");
            return;
        }
        JsonNode value = schema.get("default");
        boolean nullable = schema.path("type").isArray();
        refuseIf(required && nullable, where, "is required, so it may not be null");
        refuseIf(
                !required && !nullable && value == null,
                where,
                "may be absent, so it must be nullable or have a default; else make it required");
        refuseIf(value != null && schema.has("format"), where, "a time may not have a default");
        boolean integer = schema.path("type").asText().equals("integer")
                || schema.path("type").path(0).asText().equals("integer");
        for (String keyword : new String[] {"default", "minimum", "maximum"}) {
            JsonNode number = schema.get(keyword);
            refuseIf(
                    integer && number != null && !(number.canConvertToExactIntegral() && number.canConvertToLong()),
                    where,
                    keyword + " must be an integer, was " + number);
        }
        pattern(where, schema);
    }

    private static void pattern(String where, JsonNode schema) {
        try {
            Pattern.compile(schema.path("pattern").asText());
        } catch (PatternSyntaxException e) {
            throw new IllegalStateException(where + ": Java does not understand the pattern: " + e.getDescription(), e);
        }
    }

    private static void refuseIf(boolean refused, String where, String why) {
        if (refused) {
            throw new IllegalStateException(where + ": " + why);
        }
    }
}
