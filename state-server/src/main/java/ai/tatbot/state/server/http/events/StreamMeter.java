package ai.tatbot.state.server.http.events;

import ai.tatbot.state.client.StateChange;

/** Told what goes over the event streams; for figures. Must be quick, and must not throw. */
public interface StreamMeter {
    /** Measures nothing. */
    StreamMeter NONE = new StreamMeter() {
        @Override
        public void written(int bytes) {}

        @Override
        public void told(StateChange<?> change) {}
    };

    /** A client has taken so many bytes. On any thread. */
    void written(int bytes);

    /** A change is about to be written to all clients that wait for the same. On one thread. */
    void told(StateChange<?> change);
}
