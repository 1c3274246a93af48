package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Writes the modules of keys and of channels: a constant for each kind, a function for each, and the way back from a name. */
final class PythonNamesOfRedis {
    private final SchemaFolder schemas;

    PythonNamesOfRedis(SchemaFolder schemas) {
        this.schemas = schemas;
    }

    String keys() throws IOException {
        PythonText out = PythonClasses.head("Keys of Redis: a kind and a function for each.")
                .line(0, "from typing import Any")
                .blank()
                .line(0, "from ._names import Key, KeyKind, Parameter, Template, parse_key");
        List<String> models = schemas.keys().stream()
                .filter(key -> key.has("document"))
                .map(this::model)
                .distinct()
                .sorted()
                .toList();
        out.line(0, "from .models import " + String.join(", ", models));
        for (JsonNode key : schemas.keys()) {
            keyKind(key, out);
        }
        for (JsonNode key : schemas.keys()) {
            factory(key, "Key[" + valueType(key) + "]", "The key", out);
        }
        all("KeyKind", schemas.keys(), out);
        out.blank().blank().line(0, "def parse(name: str) -> Key[Any] | None:");
        out.doc(1, "The key of this name, or None if the schema has no such key.");
        return out.line(1, "return parse_key(ALL, name)").toString();
    }

    private void keyKind(JsonNode key, PythonText out) throws IOException {
        out.blank().line(0, constant(key) + ": KeyKind[" + valueType(key) + "] = KeyKind(");
        out.line(1, PythonText.literal(name(key)) + ",");
        out.line(1, template(key) + ",");
        out.line(
                1, "redis_type=" + PythonText.literal(key.required("redis_type").asText()) + ",");
        if (key.has("document")) {
            out.line(1, "field=" + PythonText.literal(key.at("/document/field").asText()) + ",");
            out.line(1, "model=" + model(key) + ",");
        }
        List<String> fields = new ArrayList<>();
        key.path("fields").fieldNames().forEachRemaining(field -> fields.add(PythonText.literal(field)));
        out.line(1, "fields=" + PythonText.tuple(fields) + ",");
        optional(key, "ttl_seconds", out);
        optional(key, "max_length", out);
        if (key.has("index")) {
            out.line(1, "index=" + PythonText.literal(key.get("index").asText()) + ",");
        }
        out.line(0, ")").doc(0, key.required("description").asText());
    }

    private static void optional(JsonNode key, String name, PythonText out) {
        if (key.has(name)) {
            out.line(1, name + "=" + key.get(name).asLong() + ",");
        }
    }

    String channels() throws IOException {
        PythonText out = PythonClasses.head("Channels of Redis: a kind and a function for each.")
                .line(0, "from typing import Any, Union")
                .blank()
                .line(0, "from ._names import Channel, ChannelKind, EventType, Parameter, Template, parse_channel");
        List<String> events = schemas.channels().stream()
                .flatMap(channel -> events(channel).stream())
                .distinct()
                .sorted()
                .toList();
        out.line(0, "from .events import (");
        events.forEach(event -> out.line(1, event + ","));
        out.line(0, ")");
        for (JsonNode channel : schemas.channels()) {
            channelKind(channel, out);
        }
        for (JsonNode channel : schemas.channels()) {
            factory(channel, "Channel[" + eventType(channel) + "]", "The channel", out);
        }
        all("ChannelKind", schemas.channels(), out);
        out.blank().blank().line(0, "def parse(name: str) -> Channel[Any] | None:");
        out.doc(1, "The channel of this name, or None if the schema has no such channel.");
        return out.line(1, "return parse_channel(ALL, name)").toString();
    }

    private void channelKind(JsonNode channel, PythonText out) throws IOException {
        if (events(channel).size() > 1) {
            out.blank()
                    .line(
                            0,
                            ChannelsWriter.commonInterface(channel) + " = Union[" + String.join(", ", events(channel))
                                    + "]");
        }
        out.blank().line(0, constant(channel) + ": ChannelKind[" + eventType(channel) + "] = ChannelKind(");
        out.line(1, PythonText.literal(name(channel)) + ",");
        out.line(1, template(channel) + ",");
        out.line(1, "events=(");
        for (JsonNode message : channel.required("messages")) {
            FlatSchema payload = schemas.referenced(message.required("payload"));
            String type = payload.constantType() == null ? "None" : PythonText.literal(payload.constantType());
            String transition = message.required("class").asText().equals("transition") ? "True" : "False";
            out.line(2, "EventType(" + type + ", " + payload.className() + ", transition=" + transition + "),");
        }
        out.line(1, "),");
        out.line(0, ")").doc(0, channel.required("description").asText());
    }

    private void factory(JsonNode file, String type, String words, PythonText out) {
        List<String> parameters = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        file.required("parameters").fieldNames().forEachRemaining(parameter -> {
            parameters.add(PythonNames.field(parameter) + ": str");
            arguments.add(PythonNames.field(parameter));
        });
        out.blank()
                .blank()
                .line(
                        0,
                        "def " + PythonNames.field(name(file)) + "(" + String.join(", ", parameters) + ") -> " + type
                                + ":");
        out.doc(
                1,
                words + " ``" + file.required("template").asText() + "``."
                        + (parameters.isEmpty() ? "" : " Refuses ids that have a character which ids may not have."));
        out.line(1, "return " + constant(file) + ".of(" + String.join(", ", arguments) + ")");
    }

    private static void all(String type, List<? extends JsonNode> files, PythonText out) {
        out.blank().blank().line(0, "ALL: tuple[" + type + "[Any], ...] = (");
        files.forEach(file -> out.line(1, constant(file) + ","));
        out.line(0, ")");
    }

    private String template(JsonNode file) throws IOException {
        StringBuilder template = new StringBuilder("Template(")
                .append(PythonText.literal(file.required("template").asText()));
        for (Map.Entry<String, JsonNode> parameter : file.required("parameters").properties()) {
            template.append(", Parameter(")
                    .append(PythonText.literal(parameter.getKey()))
                    .append(", ")
                    .append(PythonText.literal(schemas.parameterPattern(parameter.getValue())))
                    .append(')');
        }
        return template.append(')').toString();
    }

    private String valueType(JsonNode key) {
        return key.has("document") ? model(key) : "Any";
    }

    private String model(JsonNode key) {
        return schemas.referenced(key.at("/document/schema")).className();
    }

    private String eventType(JsonNode channel) {
        List<String> events = events(channel);
        return events.size() > 1 ? ChannelsWriter.commonInterface(channel) : events.get(0);
    }

    private List<String> events(JsonNode channel) {
        return StreamSupport.stream(channel.required("messages").spliterator(), false)
                .map(message -> schemas.referenced(message.required("payload")).className())
                .toList();
    }

    private static String constant(JsonNode file) {
        return Names.constant(name(file));
    }

    private static String name(JsonNode file) {
        return file.required("name").asText();
    }
}
