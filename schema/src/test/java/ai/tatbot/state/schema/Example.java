package ai.tatbot.state.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** An example of a schema, key or channel file, such as {@code examples/models/robot-state/valid/ready.json}. */
record Example(String file, String path) {
    /** Every example of these folders. */
    static List<Example> in(List<String> folders) {
        return SchemaFiles.in(folders).stream()
                .flatMap(file -> Stream.of("valid", "invalid").flatMap(verdict -> of(file, verdict).stream()))
                .toList();
    }

    /** The examples of a file with this verdict; there are some, or the test fails. */
    static List<Example> of(String file, String verdict) {
        String folder = "examples/" + file.replaceFirst("[.]json$", "") + "/" + verdict;
        return SchemaFiles.in(folder).stream()
                .map(path -> new Example(file, path))
                .toList();
    }

    boolean isValid() {
        return path.contains("/valid/");
    }

    /** Where the example fails, each place once. */
    List<String> places() {
        JsonNode example = SchemaFiles.read(path);
        if (file.startsWith("keys/")) {
            return placesInKey(example);
        }
        return file.startsWith("channels/") ? placesInMessage(example) : SchemaValidator.places(file, example);
    }

    private List<String> placesInKey(JsonNode example) {
        List<String> places = new ArrayList<>();
        Map<String, String> values = match(example.path("key"), places);
        if (places.isEmpty() && !values.equals(strings(example.path("parameters")))) {
            places.add("/parameters");
        }
        return places;
    }

    private List<String> placesInMessage(JsonNode example) {
        List<String> places = new ArrayList<>();
        Map<String, String> values = match(example.path("channel"), places);
        JsonNode event = example.path("event");
        Optional<String> payload = payload(event.path("type"));
        if (payload.isEmpty()) {
            places.add("/event/type");
            return places;
        }
        SchemaValidator.places(payload.get(), event).forEach(place -> places.add("/event" + place));
        if (places.isEmpty()) {
            values.forEach((name, value) -> {
                if (event.has(name) && !event.path(name).asString().equals(value)) {
                    places.add("/event/" + name);
                }
            });
        }
        return places;
    }

    /** What stands for the placeholders of the template; adds to {@code places} what does not fit. */
    private Map<String, String> match(JsonNode name, List<String> places) {
        JsonNode content = SchemaFiles.read(file);
        Optional<Map<String, String>> values = name.isString()
                ? new NameTemplate(content.path("template").asString()).match(name.asString())
                : Optional.empty();
        if (values.isEmpty()) {
            places.add("/");
            return Map.of();
        }
        values.get().forEach((parameter, value) -> {
            String reference =
                    content.path("parameters").path(parameter).path("$ref").asString();
            if (!SchemaValidator.errors(SchemaFiles.target(file, reference), StringNode.valueOf(value))
                    .isEmpty()) {
                places.add("/" + parameter);
            }
        });
        return values.get();
    }

    /** The payload with this type; else the one with an open type; else the only one. */
    private Optional<String> payload(JsonNode type) {
        List<String> payloads = payloads(file);
        Optional<String> exact = payloads.stream()
                .filter(event -> type.isString() && type.equals(typeOf(event)))
                .findFirst();
        Optional<String> open =
                payloads.stream().filter(event -> typeOf(event).isMissingNode()).findFirst();
        return exact.or(() -> open).or(() -> payloads.size() == 1 ? Optional.of(payloads.get(0)) : Optional.empty());
    }

    /** The events of a channel, such as {@code events/session-start.json}. */
    static List<String> payloads(String channelFile) {
        return SchemaFiles.read(channelFile)
                .path("messages")
                .valueStream()
                .map(message -> message.path("payload").path("$ref").asString())
                .map(reference -> SchemaFiles.target(channelFile, reference))
                .toList();
    }

    /** The type of an event; missing if it is open. */
    static JsonNode typeOf(String eventFile) {
        return SchemaFiles.read(eventFile).path("properties").path("type").path("const");
    }

    private static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().asString()));
        return strings;
    }

    @Override
    public String toString() {
        return path;
    }
}
