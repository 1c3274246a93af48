package ai.tatbot.state.server.docs.reference;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Keys, documents, channels and messages, from the catalogue and the AsyncAPI document. */
final class ProtocolTables {
    private final JsonNode keys = ClassPathText.schema("keys.json").path("keys");
    private final JsonNode asyncApi = ClassPathText.schema("asyncapi.json");

    /** Each key, and what its fields hold. */
    String keys() {
        StringBuilder out = new StringBuilder("| key | type | time to live | what it is |\n|---|---|---|---|\n");
        for (JsonNode key : keys) {
            out.append("| `")
                    .append(key.path("template").asString())
                    .append("` | ")
                    .append(key.path("redis_type").asString())
                    .append(" | ")
                    .append(key.has("ttl_seconds") ? key.path("ttl_seconds").asString() + " s" : "none")
                    .append(" | ")
                    .append(cell(key.path("description").asString()))
                    .append(" |\n");
        }
        for (JsonNode key : keys) {
            if (key.path("fields").isEmpty()) {
                continue;
            }
            out.append("\nFields of `").append(key.path("template").asString()).append("`:\n\n");
            out.append("| field | what it holds |\n|---|---|\n");
            key.path("fields")
                    .forEachEntry((name, about) -> out.append("| `")
                            .append(name)
                            .append("` | ")
                            .append(cell(about.asString()))
                            .append(" |\n"));
        }
        return out.toString();
    }

    /** Each document that a key holds. */
    String documents() {
        StringBuilder out = new StringBuilder();
        for (JsonNode key : keys) {
            JsonNode document = key.path("document");
            if (document.has("schema")) {
                JsonNode schema = document.path("schema");
                out.append("### ").append(document.path("model").asString()).append("\n\n");
                out.append(schema.path("description").asString())
                        .append(" Field `")
                        .append(document.path("field").asString())
                        .append("` of `")
                        .append(key.path("template").asString())
                        .append("`.\n\n")
                        .append(fields(schema))
                        .append('\n');
            }
        }
        return out.toString();
    }

    /** Each channel, and what is published on it. */
    String channels() {
        StringBuilder out = new StringBuilder("| channel | messages | what it is |\n|---|---|---|\n");
        asyncApi.path("channels").forEachEntry((name, channel) -> {
            List<String> messages = new ArrayList<>();
            channel.path("messages").propertyNames().forEach(message -> {
                JsonNode one = message(message);
                messages.add("`" + one.path("name").asString() + "` ("
                        + one.path("x-class").asString() + ")");
            });
            out.append("| `")
                    .append(channel.path("address").asString())
                    .append("` | ")
                    .append(String.join(", ", messages))
                    .append(" | ")
                    .append(cell(channel.path("description").asString()))
                    .append(" |\n");
        });
        return out.toString();
    }

    private JsonNode message(String name) {
        return asyncApi.path("components").path("messages").path(name);
    }

    /** The fields of each message. */
    String messages() {
        StringBuilder out = new StringBuilder();
        asyncApi.path("components").path("messages").forEachEntry((name, message) -> {
            JsonNode schema = asyncApi.path("components").path("schemas").path(name);
            out.append("### ")
                    .append(message.path("title").asString())
                    .append("\n\n`")
                    .append(message.path("name").asString())
                    .append("`, a ")
                    .append(message.path("x-class").asString())
                    .append(". ")
                    .append(message.path("description").asString())
                    .append("\n\n")
                    .append(fields(schema))
                    .append('\n');
        });
        return out.toString();
    }

    private static String fields(JsonNode schema) {
        List<String> required =
                schema.path("required").valueStream().map(JsonNode::asString).toList();
        StringBuilder out = new StringBuilder("| field | type | bounds | what it holds |\n|---|---|---|---|\n");
        schema.path("properties")
                .forEachEntry((name, field) -> out.append("| `")
                        .append(name)
                        .append(required.contains(name) ? "`, required | " : "` | ")
                        .append(type(field))
                        .append(" | ")
                        .append(bounds(field))
                        .append(" | ")
                        .append(cell(field.path("description").asString("")))
                        .append(" |\n"));
        return out.toString();
    }

    private static String type(JsonNode field) {
        if (field.has("const")) {
            return "`\"" + field.path("const").asString() + "\"`";
        }
        JsonNode type = field.path("type");
        String said = type.isArray()
                ? String.join(" or ", type.valueStream().map(JsonNode::asString).toList())
                : type.asString("string");
        return field.has("items")
                ? said + " of " + field.path("items").path("type").asString()
                : said;
    }

    private static String bounds(JsonNode field) {
        List<String> all = new ArrayList<>();
        for (String keyword : List.of(
                "x-unit", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "enum", "default")) {
            if (field.has(keyword)) {
                all.add(keyword.replace("x-", "") + " "
                        + cell(field.path(keyword).toString()));
            }
        }
        if (field.has("pattern") && !field.has("format") && !field.has("const")) {
            all.add("pattern `" + cell(field.path("pattern").asString()) + "`");
        }
        return String.join(", ", all);
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
