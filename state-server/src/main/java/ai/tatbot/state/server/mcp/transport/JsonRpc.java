package ai.tatbot.state.server.mcp.transport;

import ai.tatbot.state.server.show.Text;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ElicitRequest;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON-RPC messages from bytes and back. Stricter than the SDK's reader, which takes anything that has the right members. */
final class JsonRpc {
    private static final Logger LOG = LoggerFactory.getLogger(JsonRpc.class);
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 64;
    private static final int LONGEST_NAME = 1_024;
    private static final int LONGEST_METHOD = 128;
    private static final int LONGEST_ID = 256;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxNameLength(LONGEST_NAME)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addMixIn(ElicitRequest.class, WithoutTypeId.class)
            .build();

    /** The SDK declares the member mode twice, which this version of Jackson does not write. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
    private interface WithoutTypeId {}

    /** The same mapper, as the SDK knows it. */
    static final McpJsonMapper MAPPER = new JacksonMcpJsonMapper(JSON);

    /** With it a client withdraws a request. */
    static final String CANCELLED = "notifications/cancelled";

    /** What is said of a failure that should not have happened. */
    static final String NOBODYS_FAULT = "this should not happen; the server's log says more";

    private JsonRpc() {}

    /**
     * Reads one message. Parameters are {@code ObjectNode}s, or null.
     *
     * @throws Refusal if it is none
     */
    static JSONRPCMessage read(byte[] body) {
        JsonNode message = parse(body);
        if (message.isArray()) {
            throw Refusal.invalid("a batch of messages is not accepted; send one message at a time");
        }
        if (!message.isObject()) {
            throw Refusal.invalid("a message is one JSON object");
        }
        JsonNode version = message.get("jsonrpc");
        if (version == null || !version.isString() || !version.stringValue().equals("2.0")) {
            throw Refusal.invalid("jsonrpc must be \"2.0\"");
        }
        if (message.has("method")) {
            return call(message);
        }
        return response(message);
    }

    private static JsonNode parse(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            JsonNode message = JSON.readTree(text);
            if (message.isMissingNode()) {
                throw Refusal.malformed(ErrorCodes.PARSE_ERROR, "the body is empty; send one JSON-RPC message");
            }
            return message;
        } catch (CharacterCodingException e) {
            throw Refusal.malformed(ErrorCodes.PARSE_ERROR, "the body is not UTF-8");
        } catch (JacksonException e) {
            throw Refusal.malformed(
                    ErrorCodes.PARSE_ERROR,
                    "the body is not JSON, or nested deeper than " + DEEPEST + ", or has a name twice in an object");
        }
    }

    private static JSONRPCMessage call(JsonNode message) {
        JsonNode method = message.get("method");
        if (!method.isString()
                || method.stringValue().isEmpty()
                || method.stringValue().length() > LONGEST_METHOD) {
            throw Refusal.invalid("method must be a text of 1 to " + LONGEST_METHOD + " characters");
        }
        JsonNode params = message.get("params");
        boolean fits = params == null || params.isObject();
        if (!message.has("id")) {
            if (!fits) {
                throw Refusal.invalid("params must be an object, or left out");
            }
            return new JSONRPCNotification(method.stringValue(), params);
        }
        Object id = id(message.get("id"));
        if (!fits) {
            throw Refusal.parameters(id, "params must be an object, or left out");
        }
        return new JSONRPCRequest(method.stringValue(), id, params);
    }

    private static JSONRPCResponse response(JsonNode message) {
        if (!message.has("id") || message.has("result") == message.has("error")) {
            throw Refusal.invalid("a message has a method, or an id and either a result or an error");
        }
        Object id = id(message.get("id"));
        if (message.has("result")) {
            return JSONRPCResponse.result(id, message.get("result"));
        }
        JsonNode error = message.get("error");
        if (!error.isObject()
                || !error.path("code").canConvertToInt()
                || !error.path("message").isString()) {
            throw Refusal.invalid("error must be an object with a code and a message");
        }
        return JSONRPCResponse.error(
                id,
                new JSONRPCError(
                        error.get("code").intValue(), error.get("message").stringValue(), error.get("data")));
    }

    /** Id of the request that is withdrawn; empty if it names none that could be running. */
    static Optional<Object> cancelled(JSONRPCNotification notification) {
        if (notification.params() instanceof JsonNode params && params.has("requestId")) {
            try {
                return Optional.of(id(params.get("requestId")));
            } catch (Refusal refusal) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Object id(JsonNode id) {
        if (id.isString() && id.stringValue().length() <= LONGEST_ID) {
            return id.stringValue();
        }
        if (id.isIntegralNumber() && id.canConvertToLong()) {
            return id.longValue();
        }
        throw Refusal.invalid("id must be an integer, or a text of at most " + LONGEST_ID + " characters");
    }

    /**
     * Reads the parameters of {@code initialize}.
     *
     * @throws Refusal if something is missing or has the wrong type
     */
    static InitializeRequest initialization(JSONRPCRequest request) {
        if (request.params() instanceof JsonNode params
                && params.path("protocolVersion").isString()
                && params.path("capabilities").isObject()
                && params.path("clientInfo").path("name").isString()
                && params.path("clientInfo").path("version").isString()) {
            try {
                return JSON.treeToValue(params, InitializeRequest.class);
            } catch (JacksonException e) {
                // Something else has the wrong type; said below.
            }
        }
        throw Refusal.parameters(
                request.id(), "initialize needs protocolVersion, capabilities, and clientInfo with name and version");
    }

    /** A message as one line of JSON. An internal failure is told without its reason, which is nobody's business. */
    static byte[] write(JSONRPCMessage message) {
        JSONRPCMessage safe = message;
        if (message instanceof JSONRPCResponse response
                && response.error() != null
                && response.error().code() == ErrorCodes.INTERNAL_ERROR
                && !NOBODYS_FAULT.equals(response.error().message())) {
            LOG.error("a request failed: {}", Text.safe(String.valueOf(response.error()), 1_000));
            safe = internalError(response.id());
        }
        try {
            return MAPPER.writeValueAsBytes(safe);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Such a failure as the answer to a request. */
    static JSONRPCResponse internalError(Object id) {
        return JSONRPCResponse.error(id, new JSONRPCError(ErrorCodes.INTERNAL_ERROR, NOBODYS_FAULT, null));
    }

    /** A refusal as a response, with an id of null where none is known, which the SDK's records leave out. */
    static byte[] write(Refusal refusal) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", refusal.code());
        error.put("message", String.valueOf(refusal.getMessage()));
        Map<String, @Nullable Object> response = new LinkedHashMap<>();
        response.put("jsonrpc", McpSchema.JSONRPC_VERSION);
        response.put("id", refusal.id());
        response.put("error", error);
        return JSON.writeValueAsBytes(response);
    }
}
