package ai.tatbot.state.server.docs.reference;

import ai.tatbot.state.server.docs.Markdown;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Keys, documents, channels and messages, from the catalogue and the AsyncAPI document. */
final class ProtocolTables {
    private final JsonNode keys = Description.keys();
    private final JsonNode asyncApi = Description.channels();

    /** Each key, and what its fields hold. */
    String keys() {
        Markdown out = new Markdown()
                .columns("Key", "Type", "Time to live", "Renewed by", "Entries", "Ids are in", "What it is");
        for (JsonNode key : keys) {
            out.row(
                    Markdown.code(Fields.text(key, "template")),
                    Fields.text(key, "redis_type"),
                    key.has("ttl_seconds") ? key.path("ttl_seconds") + " s" : "none",
                    Fields.text(key, "ttl_renewed_by"),
                    key.has("max_length") ? "some " + key.path("max_length") : "",
                    Markdown.code(template(Fields.text(key, "index"))),
                    (Fields.text(key, "description") + " " + Fields.text(key, "notes")).strip());
        }
        for (JsonNode key : keys) {
            if (!key.path("fields").isEmpty()) {
                out.paragraph("Fields of " + Markdown.code(Fields.text(key, "template")) + ":");
                out.columns("Field", "What it holds");
                key.path("fields").forEachEntry((name, about) -> out.row(Markdown.code(name), about.asString()));
            }
        }
        return out.toString();
    }

    private String template(String name) {
        return keys.valueStream()
                .filter(key -> Fields.text(key, "name").equals(name))
                .map(key -> Fields.text(key, "template"))
                .findFirst()
                .orElse("");
    }

    /** Each document that a key holds. */
    String documents() {
        Markdown out = new Markdown();
        for (JsonNode key : keys) {
            JsonNode document = key.path("document");
            if (document.has("schema")) {
                JsonNode schema = document.path("schema");
                out.heading(3, Fields.text(document, "model"))
                        .paragraph(Fields.text(schema, "description") + " Field "
                                + Markdown.code(Fields.text(document, "field")) + " of "
                                + Markdown.code(Fields.text(key, "template")) + ".");
                Fields.table(out, schema);
            }
        }
        return out.toString();
    }

    /** Each channel, and what is published on it. */
    String channels() {
        Markdown out = new Markdown().columns("Channel", "Messages", "What it is");
        for (JsonNode channel : asyncApi.path("channels")) {
            String messages = channel.path("messages")
                    .propertyStream()
                    .map(message -> message(message.getKey()))
                    .map(message ->
                            Markdown.code(Fields.text(message, "name")) + " (" + Fields.text(message, "x-class") + ")")
                    .collect(Collectors.joining(", "));
            out.row(Markdown.code(Fields.text(channel, "address")), messages, Fields.text(channel, "description"));
        }
        return out.toString();
    }

    private JsonNode message(String name) {
        return asyncApi.path("components").path("messages").path(name);
    }

    /** The fields of each message. */
    String messages() {
        Markdown out = new Markdown();
        asyncApi.path("components").path("messages").forEachEntry((name, message) -> {
            JsonNode schema = asyncApi.path("components").path("schemas").path(name);
            out.heading(3, Fields.text(message, "title"))
                    .paragraph(Markdown.code(Fields.text(message, "name")) + ", a " + Fields.text(message, "x-class")
                            + ". " + Fields.text(message, "description"));
            if (message.has("x-document")) {
                out.paragraph(becomes(message.path("x-document"), schema.path("properties")));
            }
            Fields.table(out, schema);
        });
        return out.toString();
    }

    /** How a message becomes the document that it carries. */
    private static String becomes(JsonNode document, JsonNode fields) {
        List<String> renamed = new ArrayList<>();
        List<String> apart = new ArrayList<>();
        fields.propertyNames().forEach(name -> {
            String there = Fields.text(document.path("fields"), name);
            if (there.isEmpty()) {
                apart.add(Markdown.code(name));
            } else if (!there.equals(name)) {
                renamed.add(Markdown.code(name) + " is its " + Markdown.code(there));
            }
        });
        return "It carries the " + Fields.text(document, "model") + " of " + Markdown.code(Fields.text(document, "key"))
                + ", field by field" + (renamed.isEmpty() ? "" : ": " + String.join(", ", renamed))
                + (renamed.isEmpty() ? ", under the same names. " : ", all others have the same names. ")
                + String.join(", ", apart) + " are no part of the document.";
    }
}
