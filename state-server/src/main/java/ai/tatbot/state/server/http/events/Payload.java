package ai.tatbot.state.server.http.events;

import ai.tatbot.state.server.live.Cursor;

/** What a client is told at once, and where it stands afterwards. */
final class Payload {
    private static final byte[] NOTHING = {};

    private final byte[] bytes;
    private final Cursor cursor;

    Payload(byte[] bytes, Cursor cursor) {
        this.bytes = bytes;
        this.cursor = cursor;
    }

    /** Nothing, for a client that stands here. */
    static Payload nothing(Cursor cursor) {
        return new Payload(NOTHING, cursor);
    }

    boolean isEmpty() {
        return bytes.length == 0;
    }

    /** Not to be changed: many clients share them. */
    byte[] bytes() {
        return bytes;
    }

    Cursor cursor() {
        return cursor;
    }
}
