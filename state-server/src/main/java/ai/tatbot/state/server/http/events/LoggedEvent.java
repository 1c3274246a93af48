package ai.tatbot.state.server.http.events;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.server.live.Filter;
import ai.tatbot.state.server.show.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A transition as {@code events:log} has it: without its id, which is that of the entry. */
final class LoggedEvent {
    private final String channel;
    private final String id;
    private final byte[] json;

    private LoggedEvent(String channel, String id, byte[] json) {
        this.channel = channel;
        this.id = id;
        this.json = json;
    }

    /** Empty if it is none of ours, or not wanted. */
    static Optional<LoggedEvent> of(KeyContents.Entry entry, Filter filter) {
        byte[] json = entry.fields().getOrDefault("event", "").getBytes(StandardCharsets.UTF_8);
        return Channels.parse(entry.fields().getOrDefault("channel", ""))
                .filter(filter::includes)
                .filter(channel -> JsonText.isValue(json) && json[0] == '{')
                .map(channel -> new LoggedEvent(channel.name(), entry.id(), json));
    }

    /** Where it was published. */
    String channel() {
        return channel;
    }

    /** Writes it with its id. */
    void writeTo(JsonGenerator out) {
        out.writeStartObject();
        try (JsonParser in = JsonText.parse(json)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                in.nextToken();
                if (!name.equals("event_id")) {
                    out.writeName(name);
                    out.copyCurrentStructureExact(in);
                }
            }
        }
        out.writeStringProperty("event_id", id);
        out.writeEndObject();
    }
}
