package ai.tatbot.state.server.operation;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.server.show.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** What is stored under a key that holds no document, as JSON. */
final class StoredValue implements JsonWritable {
    private final KeyContents contents;

    StoredValue(KeyContents contents) {
        this.contents = contents;
    }

    @Override
    public void writeTo(JsonGenerator out) {
        switch (contents.key().kind().redisType()) {
            case HASH -> {
                out.writeStartObject();
                contents.fields()
                        .forEach((name, value) ->
                                out.writeStringProperty(name, new String(value, StandardCharsets.UTF_8)));
                out.writeEndObject();
            }
            case STREAM -> {
                out.writeStartArray();
                contents.entries().forEach(entry -> entry(out, entry));
                out.writeEndArray();
            }
            case SET -> {
                out.writeStartArray();
                contents.members().forEach(out::writeString);
                out.writeEndArray();
            }
        }
    }

    private static void entry(JsonGenerator out, KeyContents.Entry entry) {
        out.writeStartObject();
        out.writeStringProperty("id", entry.id());
        for (Map.Entry<String, String> field : entry.fields().entrySet()) {
            if (field.getKey().equals("event")) {
                out.writeName("event");
                event(out, field.getValue());
            } else if (!field.getKey().equals("id")) {
                out.writeStringProperty(field.getKey(), field.getValue());
            }
        }
        out.writeEndObject();
    }

    /** An event in the log is JSON itself; what someone else put there need not be. */
    static void event(JsonGenerator out, String text) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        if (JsonText.isValue(json)) {
            JsonText.copy(out, json);
        } else {
            out.writeString(text);
        }
    }
}
