package ai.tatbot.state.server.docs.reference;

import ai.tatbot.state.server.docs.Markdown;
import ai.tatbot.state.server.docs.ReferencePage;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Where everything is in Redis. */
final class KeysPage {
    private KeysPage() {}

    static ReferencePage page() {
        Markdown out = new Markdown()
                .heading(1, "Keys")
                .paragraph("Every key in Redis. A namespace (`STATE_NAMESPACE`) stands before each. For programs:"
                        + " `/api/v1/keys.json` of a running server.");
        JsonNode keys = Description.keys();
        out.columns("Key", "Type", "Lives", "What");
        for (JsonNode key : keys) {
            out.row(
                    Markdown.code(Fields.text(key, "template")),
                    Fields.text(key, "redis_type"),
                    life(key),
                    Fields.text(key, "title"));
        }
        for (JsonNode key : keys) {
            one(out, key);
        }
        return new ReferencePage("keys", out.toString());
    }

    private static void one(Markdown out, JsonNode key) {
        out.heading(2, Markdown.code(Fields.text(key, "template"))).paragraph(Fields.text(key, "description"));
        if (!Fields.text(key, "notes").isEmpty()) {
            out.paragraph(Fields.text(key, "notes"));
        }
        if (key.has("ttl_seconds")) {
            out.paragraph("Expires after " + life(key) + "; renewed by: " + Fields.text(key, "ttl_renewed_by") + ".");
        }
        if (key.has("max_length")) {
            out.paragraph("Holds some " + key.path("max_length") + " entries; older ones go.");
        }
        parameters(out, key.path("parameters"), "pattern");
        if (!key.path("fields").isEmpty()) {
            out.columns("Field", "Holds");
            key.path("fields").forEachEntry((name, meaning) -> out.row(Markdown.code(name), meaning.asString()));
        }
        if (key.has("document")) {
            String model = Fields.text(key.path("document"), "model");
            out.paragraph("Its document is a [" + model + "](models.md#" + model.toLowerCase(Locale.ROOT) + ").");
        }
        roles(out, "Written by", key.path("writers"));
        roles(out, "Read by", key.path("readers"));
    }

    private static String life(JsonNode key) {
        if (!key.has("ttl_seconds")) {
            return "always";
        }
        Duration life = Duration.ofSeconds(key.path("ttl_seconds").asLong());
        if (life.toDays() > 1) {
            return life.toDays() + " days";
        }
        return life.toHours() > 1 ? life.toHours() + " hours" : life.toSeconds() + " s";
    }

    /** What stands in braces in a name. */
    static void parameters(Markdown out, JsonNode parameters, String pattern) {
        if (!parameters.isEmpty()) {
            out.columns("In the name", "Pattern", "Meaning");
            parameters.forEachEntry((name, parameter) -> out.row(
                    Markdown.code(name),
                    Markdown.code(Fields.text(parameter, pattern)),
                    Fields.text(parameter, "description")));
        }
    }

    /** Who may do it, and what for. */
    static void roles(Markdown out, String what, JsonNode roles) {
        if (!roles.isEmpty()) {
            out.paragraph("**" + what + "** "
                    + roles.valueStream()
                            .map(role -> "`" + Fields.text(role, "role") + "` (" + Fields.text(role, "why") + ")")
                            .collect(Collectors.joining(", "))
                    + ".");
        }
    }
}
