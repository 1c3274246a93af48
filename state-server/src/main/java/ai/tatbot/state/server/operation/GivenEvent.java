package ai.tatbot.state.server.operation;

import ai.tatbot.state.client.Publication;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.WireTime;
import ai.tatbot.state.server.show.JsonText;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * An event as someone typed it: checked, but published as it is, with the fields that the schema does not know.
 */
public final class GivenEvent implements Event {
    /** How many bytes it may have. */
    public static final int LONGEST = 64 * 1024;

    private static final Set<String> GIVEN_BY_REDIS = Set.of("rev", "event_id", "seq", "seq_lost");

    private final Channel<? extends Event> channel;
    private final byte[] json;
    private final Event checked;

    private GivenEvent(Channel<? extends Event> channel, byte[] json, Event checked) {
        this.channel = channel;
        this.json = json;
        this.checked = checked;
    }

    /**
     * Completes and checks it.
     *
     * @param nodeId what to fill in for an absent node_id
     * @throws InvalidValueException if it is not JSON, does not fit the channel's schema or ids, or says what only Redis can know
     */
    public static GivenEvent read(Channel<? extends Event> channel, byte[] given, String nodeId) {
        if (given.length > LONGEST) {
            throw new InvalidValueException("an event must have at most " + LONGEST + " bytes");
        }
        Set<String> names = names(given);
        if (names.stream().anyMatch(GIVEN_BY_REDIS::contains)) {
            throw new InvalidValueException("rev, event_id, seq and seq_lost are given by Redis; leave them out");
        }
        // On a node's own channel the event is that node's.
        int place = channel.kind().parameterNames().indexOf("node_id");
        byte[] completed =
                completed(given, names, place < 0 ? nodeId : channel.ids().get(place));
        return new GivenEvent(channel, completed, channel.read(completed));
    }

    private static Set<String> names(byte[] json) {
        try (JsonParser in = JsonText.parse(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidValueException("an event is a JSON object, such as {\"type\": \"...\"}");
            }
            Set<String> names = new LinkedHashSet<>();
            Set<String> nulls = new LinkedHashSet<>();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                if (!names.add(in.currentName())) {
                    throw new InvalidValueException("a field occurs twice");
                }
                if (in.nextToken() == JsonToken.VALUE_NULL) {
                    nulls.add(in.currentName());
                }
                in.skipChildren();
            }
            if (in.nextToken() != null) {
                throw new InvalidValueException("there is more behind the JSON object");
            }
            names.removeAll(nulls);
            return names;
        } catch (JacksonException e) {
            throw new InvalidValueException(
                    "not JSON at byte " + e.getLocation().getByteOffset() + ": " + e.getOriginalMessage(), e);
        }
    }

    private static byte[] completed(byte[] given, Set<String> names, String nodeId) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(given.length + 128);
        try (JsonGenerator out = JsonText.generate(bytes);
                JsonParser in = JsonText.parse(given)) {
            in.nextToken();
            out.writeStartObject();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                // Null counts as absent.
                if (in.nextToken() != JsonToken.VALUE_NULL) {
                    out.writeName(name);
                    out.copyCurrentStructureExact(in);
                }
            }
            if (!names.contains("timestamp")) {
                out.writeStringProperty("timestamp", WireTime.format(WireTime.now()));
            }
            if (!names.contains("node_id")) {
                out.writeStringProperty("node_id", nodeId);
            }
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** Publishes it. */
    public Publication publish(StateManager state) {
        return publish(state, channel);
    }

    @SuppressWarnings("unchecked") // it is an event of this channel: the channel itself has read it
    private <E extends Event> Publication publish(StateManager state, Channel<E> target) {
        return state.publish((Channel<Event>) target, this);
    }

    @Override
    public String type() {
        return checked.type();
    }

    @Override
    public Instant timestamp() {
        return checked.timestamp();
    }

    @Override
    public @Nullable String nodeId() {
        return checked.nodeId();
    }

    @Override
    public @Nullable Long rev() {
        return null;
    }

    @Override
    public @Nullable String eventId() {
        return null;
    }

    @Override
    public @Nullable Long seq() {
        return null;
    }

    @Override
    public @Nullable Long seqLost() {
        return null;
    }

    @Override
    public void writeTo(JsonGenerator out) {
        JsonText.copy(out, json);
    }
}
