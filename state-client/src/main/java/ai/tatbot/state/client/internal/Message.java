package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.EventClass;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.StateJson;
import java.util.Arrays;

/** An event and the channel that it goes to. */
record Message<E extends Event>(Channel<E> channel, E event) {
    /** Longest event that is sent, in bytes; a reader may rely on it. */
    static final int LONGEST = 64 * 1024;

    boolean isTransition() {
        return channel.kind().eventType(event.type()).eventClass() == EventClass.TRANSITION;
    }

    /** Its JSON. */
    private byte[] json() {
        requireNew();
        return requireShort(StateJson.write(event), 0);
    }

    private void requireNew() {
        if (event.rev() != null || event.eventId() != null || event.seq() != null || event.seqLost() != null) {
            throw new InvalidValueException(
                    "rev, event_id, seq and seq_lost are added by Redis when an event is stored; build this "
                            + event.type() + " without them");
        }
    }

    private byte[] requireShort(byte[] json, int missing) {
        int length = json.length + missing;
        if (length > LONGEST) {
            throw new InvalidValueException(
                    "an event must have at most " + LONGEST + " bytes, this " + event.type() + " has " + length);
        }
        return json;
    }

    /**
     * Its JSON, read back as a reader would: an event of any class, made by anyone, is then what the channel declares, and its
     * ids are the channel's.
     */
    byte[] checkedJson() {
        byte[] json = json();
        channel.read(json);
        return json;
    }

    /** Its JSON without the opening brace: Redis puts the revision and the event's id in front. */
    byte[] tail() {
        requireNew();
        return requireShort(StateJson.writeTail(event), 1);
    }

    static byte[] tail(byte[] json) {
        return Arrays.copyOfRange(json, 1, json.length);
    }
}
