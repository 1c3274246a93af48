package ai.tatbot.state.client.async;

/** What becomes of a call while as many as {@link AsyncOptions#inFlight()} are under way. */
public enum Overflow {
    /**
     * The calling thread waits until one of them is done, at most as long as {@link
     * ai.tatbot.state.client.StateOptions#timeout()}; after that the stage fails as BUSY. On a thread of the connection itself,
     * which must not wait, it fails at once. The default.
     */
    WAIT,
    /** The stage fails at once, as BUSY. Nothing was sent. */
    FAIL,
    /**
     * A position waits without its caller, one of each session and robot: the next one takes its place, and the stage of the one
     * that is replaced fails as CONFLATED. So the latest always gets through, and no caller waits. Everything else, transitions
     * above all (start, pause, resume, end, takeover, an arm that connects or disconnects, events), is never replaced: there it is
     * as with {@link #WAIT}, and what waited before it is sent before it.
     */
    CONFLATE
}
