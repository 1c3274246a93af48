package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The AsyncAPI document: channels, the events on them, and who may publish or listen. An operation is that of a node of the fleet:
 * it sends what it publishes, and receives what it listens to.
 */
final class AsyncApi {
    private static final String VERSION = "3.1.0";
    private static final String ABOUT =
            "Events of the Tatbot fleet, as they are published in Redis: one JSON object in UTF-8 for each message. A"
                    + " position (x-class) may be conflated, the latest counts; a transition never, and it is in the stream events:log,"
                    + " too. Nothing is closed: a reader passes over fields that it does not know. Which keys the documents are"
                    + " stored under is said by the catalogue of keys.";

    private final SchemaFolder schemas;

    AsyncApi(SchemaFolder schemas) {
        this.schemas = schemas;
    }

    ObjectNode document(String version) throws IOException {
        ObjectNode document = JsonText.object().put("asyncapi", VERSION);
        document.putObject("info")
                .put("title", "Tatbot state")
                .put("version", version)
                .put("description", ABOUT)
                .putObject("license")
                .put("name", "MIT");
        document.put("defaultContentType", "application/json");
        server(document);
        ObjectNode channels = document.putObject("channels");
        ObjectNode operations = document.putObject("operations");
        ObjectNode components = document.putObject("components");
        ObjectNode messages = components.putObject("messages");
        ObjectNode payloads = components.putObject("schemas");
        for (ObjectNode channel : schemas.channels()) {
            channel(channels.putObject(name(channel)), channel);
            operation(operations, channel, "publish", "send", "publishers");
            operation(operations, channel, "listen", "receive", "listeners");
            for (JsonNode message : channel.required("messages")) {
                FlatSchema event = schemas.referenced(message.required("payload"));
                message(messages, event, message.required("class").asText());
                payloads.set(event.className(), payload(event));
            }
        }
        roles(document);
        components.putObject("securitySchemes").putObject("user").put("type", "userPassword");
        return document;
    }

    private static void server(ObjectNode document) {
        ObjectNode server = document.putObject("servers").putObject("redis");
        server.put("host", "{host}:{port}").put("protocol", "redis");
        server.put("description", "Redis or Valkey, by publish and subscribe; with TLS where REDIS_URL says rediss.");
        ObjectNode variables = server.putObject("variables");
        variables.putObject("host").put("default", "127.0.0.1").put("description", "As REDIS_HOST.");
        variables.putObject("port").put("default", "6379").put("description", "As REDIS_PORT.");
        ref(server.putArray("security").addObject(), "/components/securitySchemes/user");
    }

    private void channel(ObjectNode to, ObjectNode channel) throws IOException {
        to.set("address", channel.required("template"));
        JsonText.copy(channel, to, List.of("title", "description"));
        ObjectNode parameters = to.putObject("parameters");
        for (Map.Entry<String, JsonNode> parameter :
                KeyCatalogue.parameters(channel, schemas).properties()) {
            parameters
                    .putObject(parameter.getKey())
                    .put("description", parameter.getValue().path("description").asText())
                    .set("x-pattern", parameter.getValue().path("pattern"));
        }
        ObjectNode messages = to.putObject("messages");
        for (String event : events(channel)) {
            ref(messages.putObject(event), "/components/messages/" + event);
        }
        if (channel.has("notes")) {
            to.set("x-notes", channel.get("notes"));
        }
    }

    private void operation(ObjectNode to, ObjectNode channel, String verb, String action, String grants) {
        String name = name(channel);
        ObjectNode operation = to.putObject(verb + Names.pascal(name));
        operation.put("action", action);
        ref(operation.putObject("channel"), "/channels/" + name);
        operation.put(
                "title",
                (verb.equals("publish") ? "Publish: " : "Listen: ")
                        + channel.required("title").asText());
        ArrayNode messages = operation.putArray("messages");
        events(channel).forEach(event -> ref(messages.addObject(), "/channels/" + name + "/messages/" + event));
        operation.set("x-roles", channel.required(grants));
    }

    private void message(ObjectNode messages, FlatSchema event, String eventClass) {
        if (messages.has(event.className())) {
            throw new IllegalStateException("event " + event.name() + " is on two channels, or twice on one");
        }
        ObjectNode message = messages.putObject(event.className());
        message.put("name", event.constantType() == null ? event.name().replace('-', '_') : event.constantType());
        JsonText.copy(event.node(), message, List.of("title", "description"));
        message.put("contentType", "application/json").put("x-class", eventClass);
        document(message, event);
        ref(message.putObject("payload"), "/components/schemas/" + event.className());
    }

    /** Which document an event carries whole, and under which names that has its fields. */
    private void document(ObjectNode message, FlatSchema event) {
        for (ObjectNode key : schemas.keys()) {
            JsonNode stored = key.path("document");
            if (stored.has("schema")
                    && schemas.referenced(stored.get("schema")).name().equals(event.carries())) {
                ObjectNode document = message.putObject("x-document");
                document.put("model", schemas.referenced(stored.get("schema")).className());
                document.set("key", key.required("template"));
                ObjectNode fields = document.putObject("fields");
                event.carried().forEach(fields::put);
            }
        }
    }

    /** The dialect keeps to what JSON Schema of 2020-12 has in common with draft 07, which AsyncAPI has. */
    private static ObjectNode payload(FlatSchema event) {
        return KeyCatalogue.standalone(event);
    }

    private void roles(ObjectNode document) {
        ObjectNode roles = document.putObject("x-roles");
        for (ObjectNode role : schemas.roles()) {
            JsonText.copy(role, roles.putObject(name(role)), List.of("title", "description", "includes"));
        }
    }

    private List<String> events(ObjectNode channel) {
        return channel.required("messages")
                .valueStream()
                .map(message -> schemas.referenced(message.required("payload")).className())
                .toList();
    }

    private static void ref(ObjectNode to, String path) {
        to.put("$ref", "#" + path);
    }

    private static String name(JsonNode file) {
        return file.required("name").asText();
    }
}
