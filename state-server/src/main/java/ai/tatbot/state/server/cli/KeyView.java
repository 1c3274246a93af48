package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.model.WireTime;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.show.Terminal;
import ai.tatbot.state.server.show.Text;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A key's contents, shown to people and to programs. */
final class KeyView {
    private static final int LABEL = 14;

    private KeyView() {}

    /** As one JSON object. */
    static String json(StoredKey stored) {
        KeyContents contents = stored.contents();
        return switch (contents.key().kind().redisType()) {
            case HASH ->
                stored.document()
                        .map(document -> documentJson(stored, document))
                        .orElseGet(() -> json(contents, out -> {
                            out.writeObjectPropertyStart("fields");
                            contents.fields().forEach((name, value) -> out.writeStringProperty(name, text(value)));
                            out.writeEndObject();
                        }));
            case STREAM ->
                json(contents, out -> {
                    out.writeArrayPropertyStart("entries");
                    contents.entries().forEach(entry -> entryJson(out, entry));
                    out.writeEndArray();
                });
            case SET ->
                json(contents, out -> {
                    out.writeArrayPropertyStart("members");
                    contents.members().forEach(out::writeString);
                    out.writeEndArray();
                });
        };
    }

    private static String documentJson(StoredKey stored, Versioned<Document> document) {
        return JsonText.object(out -> {
            out.writeStringProperty("key", document.key().name());
            JsonText.write(out, "rev", document.rev());
            out.writeStringProperty("last_updated", WireTime.format(document.lastUpdated()));
            out.writeNumberProperty("age_ms", document.age(Instant.now()).toMillis());
            timeToLive(out, stored.contents());
            out.writeName("value");
            JsonText.copy(out, stored.json());
        });
    }

    private static String json(KeyContents contents, java.util.function.Consumer<JsonGenerator> items) {
        return JsonText.object(out -> {
            out.writeStringProperty("key", contents.key().name());
            out.writeNumberProperty("length", contents.length());
            timeToLive(out, contents);
            items.accept(out);
        });
    }

    private static void timeToLive(JsonGenerator out, KeyContents contents) {
        Duration left = contents.timeToLive();
        JsonText.write(out, "ttl_ms", left == null ? null : left.toMillis());
    }

    /** An event in the log is JSON itself; all else is text in Redis, and stays so. */
    private static void entryJson(JsonGenerator out, KeyContents.Entry entry) {
        out.writeStartObject();
        out.writeStringProperty("id", entry.id());
        entry.fields().forEach((name, value) -> {
            if (name.equals("event") && isJson(value)) {
                out.writeName(name);
                JsonText.copy(out, bytes(value));
            } else {
                out.writeStringProperty(name, value);
            }
        });
        out.writeEndObject();
    }

    private static boolean isJson(String text) {
        try {
            JsonText.object(out -> {
                out.writeName("event");
                JsonText.copy(out, bytes(text));
            });
            return true;
        } catch (InvalidValueException e) {
            return false;
        }
    }

    /** For people. */
    static void print(StoredKey stored, Terminal terminal) {
        KeyContents contents = stored.contents();
        Map<String, String> head = new LinkedHashMap<>();
        List<String> body = new ArrayList<>();
        switch (contents.key().kind().redisType()) {
            case HASH -> {
                Versioned<Document> document = stored.document().orElse(null);
                if (document == null) {
                    contents.fields()
                            .forEach((name, value) -> body.add(terminal.styled(Text.padded(name, LABEL + 2), Style.DIM)
                                    + Text.safe(text(value), 200)));
                    break;
                }
                Long revision = document.rev();
                head.put("revision", revision == null ? "none: written by an older node" : revision.toString());
                head.put(
                        "last updated",
                        WireTime.format(document.lastUpdated()) + ", " + Text.span(document.age(Instant.now()))
                                + " ago");
                body.addAll(fields(terminal, stored.json()));
            }
            case STREAM -> {
                head.put("length", contents.length() + (contents.length() == 1 ? " entry" : " entries"));
                contents.entries()
                        .forEach(entry -> body.add(terminal.styled(entry.id(), Style.DIM) + "  " + entryText(entry)));
            }
            case SET -> {
                head.put("length", Text.count(contents.length(), "member"));
                contents.members().forEach(member -> body.add(Text.safe(member)));
            }
        }
        Duration left = contents.timeToLive();
        head.put("expires", left == null ? "never" : "in " + Text.span(left));
        terminal.out().println(terminal.styled(contents.key().name(), Style.BOLD));
        head.forEach((label, text) ->
                terminal.out().println("  " + terminal.styled(Text.padded(label, LABEL), Style.DIM) + text));
        terminal.out().println();
        body.forEach(line -> terminal.out().println("  " + line));
    }

    private static String entryText(KeyContents.Entry entry) {
        List<String> parts = new ArrayList<>();
        entry.fields().forEach((name, value) -> parts.add(Text.safe(name, 40) + " " + Text.safe(value, 200)));
        return String.join("  ", parts);
    }

    /** A document's own fields, unknown ones included, each on a line. */
    private static List<String> fields(Terminal terminal, byte[] json) {
        Map<String, String> fields = new LinkedHashMap<>();
        int width = 0;
        try (JsonParser in = JsonText.parse(json)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = Text.safe(in.currentName(), 60);
                in.nextToken();
                fields.put(name, Text.safe(JsonText.value(in), 400));
                width = Math.max(width, name.length());
            }
        }
        int column = width + 2;
        List<String> lines = new ArrayList<>();
        fields.forEach((name, value) -> lines.add(terminal.styled(Text.padded(name, column), Style.DIM) + value));
        return lines;
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
