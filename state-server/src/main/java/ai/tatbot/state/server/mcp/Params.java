package ai.tatbot.state.server.mcp;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Parameters of a request, read strictly: what does not fit is the JSON-RPC error for that. */
final class Params {
    private static final int LONGEST = 1_024;

    private final JsonNode node;

    /** @param params as the transport gives them: an object, or null */
    Params(@Nullable Object params) {
        this.node = params instanceof JsonNode given ? given : JsonNodeFactory.instance.objectNode();
    }

    /** A text that must be there. */
    String text(String name) {
        JsonNode value = node.path(name);
        if (value.isString() && value.stringValue().length() <= LONGEST) {
            return value.stringValue();
        }
        throw invalid(name + " must be a text of at most " + LONGEST + " characters");
    }

    /** An object that must be there. */
    Params object(String name) {
        JsonNode value = node.path(name);
        if (value.isObject()) {
            return new Params(value);
        }
        throw invalid(name + " must be an object");
    }

    /** An object, empty if it is left out. */
    JsonNode objectOrEmpty(String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (value.isObject()) {
            return value;
        }
        throw invalid(name + " must be an object, or left out");
    }

    /** By which the client wants to be told of progress; null if it does not. */
    @Nullable
    Object progressToken() {
        JsonNode token = node.path("_meta").get("progressToken");
        if (token == null) {
            return null;
        }
        if (token.isString() && token.stringValue().length() <= LONGEST) {
            return token.stringValue();
        }
        if (token.isIntegralNumber() && token.canConvertToLong()) {
            return token.longValue();
        }
        throw invalid("progressToken must be an integer or a text");
    }

    /** All lists are given whole, so there is no cursor that could be right. */
    void requireNoCursor() {
        if (node.has("cursor")) {
            throw invalid("cursor is none of this server's; leave it out");
        }
    }

    static McpError invalid(String message) {
        return McpError.builder(ErrorCodes.INVALID_PARAMS).message(message).build();
    }
}
