package ai.tatbot.state.server.rights;

/** What one may do with a key or a channel. */
public enum Verb {
    /** Read a key. */
    READ,
    /** Write a key. */
    WRITE,
    /** Publish on a channel. */
    PUBLISH,
    /** Listen to a channel. */
    LISTEN;

    /** Whether it is done with keys; else it is done with channels. */
    public boolean ofKeys() {
        return this == READ || this == WRITE;
    }
}
