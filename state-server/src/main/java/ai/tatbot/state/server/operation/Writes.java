package ai.tatbot.state.server.operation;

import ai.tatbot.state.client.Publication;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.JsonType;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Shown;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.operation.OperationException.Code;
import ai.tatbot.state.server.show.JsonText;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Events and documents that callers give. Nothing is sent unless it fits its schema. */
final class Writes {
    /** So that ten thousand of them fit into the log of a small Redis. */
    private static final int MOST_DATA = 16 * 1024;

    private static final Duration LONGEST_LIFE = Duration.ofDays(7);

    private final LiveFleet fleet;
    private final KeyNames names;

    Writes(LiveFleet fleet, KeyNames names) {
        this.fleet = fleet;
        this.names = names;
    }

    Published publish(String channelName, String type, byte[] data) {
        Channel<? extends Event> channel = Channels.parse(channelName)
                .<Channel<? extends Event>>map(found -> found)
                .orElseThrow(() -> new OperationException(
                        Code.UNKNOWN_CHANNEL,
                        Shown.text(channelName) + " is no channel; allowed are "
                                + Channels.all().stream()
                                        .map(ChannelKind::template)
                                        .sorted()
                                        .collect(Collectors.joining(", "))
                                + "; events of your own go to " + Channels.SYSTEM_EVENTS));
        if (data.length > MOST_DATA) {
            throw new OperationException(
                    Code.TOO_LARGE, "data has " + data.length + " bytes; allowed are " + MOST_DATA);
        }
        GivenEvent event;
        try {
            event = GivenEvent.read(
                    channel,
                    event(type, data, channel.equals(Channels.SYSTEM_EVENTS)),
                    fleet.state().nodeId());
        } catch (InvalidValueException e) {
            throw new OperationException(
                    Code.INVALID_EVENT, "the event does not fit " + channel.kind() + ": " + e.getMessage());
        }
        Publication published = Failures.told(() -> fleet.call(event::publish));
        return new Published(published.eventId(), channel.name(), published.receivers(), Instant.now());
    }

    /** A custom event holds its data as such; those of the schema have them as fields of their own. */
    private static byte[] event(String type, byte[] data, boolean custom) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(data.length + 64);
        try (JsonGenerator out = JsonText.generate(bytes);
                JsonParser in = JsonText.parse(data)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidValueException("data must be a JSON object");
            }
            out.writeStartObject();
            out.writeStringProperty("type", type);
            if (custom) {
                out.writeName("data");
                out.copyCurrentStructureExact(in);
            } else {
                while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                    out.writeName(in.currentName());
                    in.nextToken();
                    out.copyCurrentStructureExact(in);
                }
            }
            out.writeEndObject();
        } catch (JacksonException e) {
            throw new InvalidValueException("data is not JSON", e);
        }
        return bytes.toByteArray();
    }

    Written set(String name, byte[] value, @Nullable Long expectedRevision, @Nullable Duration timeToLive) {
        Key<? extends Document> key = Reads.documentKey(names.find(name)
                .orElseThrow(() -> new OperationException(Code.NOT_FOUND, name + " stands for nothing at present")));
        if (expectedRevision != null && expectedRevision < 0) {
            throw new OperationException(
                    Code.INVALID_ARGUMENT, "expected_revision must be 0 or more, was " + expectedRevision);
        }
        if (timeToLive != null && (timeToLive.toMillis() < 1 || timeToLive.compareTo(LONGEST_LIFE) > 0)) {
            throw new OperationException(Code.INVALID_ARGUMENT, "ttl_s must be from 1 to " + LONGEST_LIFE.toSeconds());
        }
        return new Written(key.name(), put(key, value, expectedRevision, timeToLive));
    }

    private <T extends Document> long put(
            Key<T> key, byte[] value, @Nullable Long expectedRevision, @Nullable Duration timeToLive) {
        try {
            JsonType<T> type = key.kind().<T>documentType().orElseThrow();
            T document = StateJson.read(value, type);
            return Failures.told(() -> fleet.call(state -> state.put(key, document, expectedRevision, timeToLive)));
        } catch (InvalidValueException e) {
            throw new OperationException(
                    Code.INVALID_VALUE, "the value does not fit " + key.kind() + ": " + e.getMessage());
        }
    }
}
