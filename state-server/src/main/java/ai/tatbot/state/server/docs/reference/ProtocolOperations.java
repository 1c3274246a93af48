package ai.tatbot.state.server.docs.reference;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** The cases of {@code conformance/commands}, as sections of the protocol's page. */
final class ProtocolOperations {
    private final JsonNode operations =
            ClassPathText.schema("conformance/operations.json").path("operations");

    static JsonNode read(String name) {
        return ClassPathText.schema("conformance/commands/" + name + ".json");
    }

    /** All operations but one, which has a chapter of its own. */
    String allBut(String other) {
        StringBuilder out = new StringBuilder();
        for (JsonNode operation : operations) {
            if (!operation.path("name").asString().equals(other)) {
                out.append("### ").append(operation.path("name").asString()).append("\n\n");
                cases(operation, out);
            }
        }
        return out.toString();
    }

    /** Those of one operation. */
    String of(String name) {
        StringBuilder out = new StringBuilder();
        for (JsonNode operation : operations) {
            if (operation.path("name").asString().equals(name)) {
                cases(operation, out);
            }
        }
        return out.toString();
    }

    private static void cases(JsonNode operation, StringBuilder out) {
        for (JsonNode name : operation.path("cases")) {
            JsonNode one = read(name.asString());
            out.append("#### ").append(name.asString()).append("\n\n");
            out.append(one.path("about").asString())
                    .append("\n\nHeld to it: ")
                    .append(names(one.path("who"), ", "))
                    .append(".\n\n");
            before(one, out);
            sent(one.path("sent"), out);
            for (JsonNode other : one.path("differs")) {
                out.append("Or, as ")
                        .append(names(other.path("who"), " and "))
                        .append(" does: ")
                        .append(other.path("why").asString())
                        .append("\n\n");
                sent(other.path("sent"), out);
            }
            for (JsonNode more : one.path("also")) {
                out.append("And now and then:\n\n");
                block("text", List.of(CommandText.said(more.path("command"))), out);
            }
        }
    }

    private static String names(JsonNode who, String between) {
        return String.join(between, who.valueStream().map(JsonNode::asString).toList());
    }

    private static void before(JsonNode one, StringBuilder out) {
        if (!one.path("given").isEmpty()) {
            out.append("In Redis:\n\n");
            block("text", lines(one.path("given")), out);
        }
        if (!one.path("before").isEmpty()) {
            out.append("Before it:\n\n");
            block(
                    "json",
                    one.path("before").valueStream().map(CommandText::json).toList(),
                    out);
        }
        out.append("The call:\n\n");
        block("json", one.path("call").valueStream().map(CommandText::json).toList(), out);
    }

    private static List<String> lines(JsonNode commands) {
        return commands.valueStream()
                .map(command -> CommandText.line(CommandText.words(command)))
                .toList();
    }

    private static void sent(JsonNode sent, StringBuilder out) {
        for (JsonNode one : sent) {
            out.append("Sent:\n\n");
            block("text", List.of(CommandText.said(one.path("command"))), out);
            if (one.has("runs")) {
                out.append("Redis runs:\n\n");
                block("text", lines(one.path("runs")), out);
            }
            if (one.has("reply")) {
                JsonNode reply = one.path("reply");
                out.append(reply.has("error") ? "The reply, an error:\n\n" : "The reply:\n\n");
                block("text", List.of(reply.isArray() ? CommandText.json(reply) : text(reply)), out);
            }
            for (JsonNode run : one.path("runs")) {
                if (run.get(0).asString().equals("PUBLISH")) {
                    out.append("Subscribers of `").append(run.get(1).asString()).append("` get:\n\n");
                    block("json", List.of(CommandText.words(run).get(2)), out);
                }
            }
        }
    }

    private static String text(JsonNode reply) {
        return reply.has("error") ? "-" + reply.path("error").asString() : reply.asString("");
    }

    private static void block(String language, List<String> lines, StringBuilder out) {
        out.append("```").append(language).append('\n');
        lines.forEach(line -> out.append(line).append('\n'));
        out.append("```\n\n");
    }
}
