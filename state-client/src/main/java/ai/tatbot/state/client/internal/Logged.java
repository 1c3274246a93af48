package ai.tatbot.state.client.internal;

/**
 * Where a transition stands in {@code events:log}.
 *
 * @param id id of its entry
 * @param seq its running number
 */
record Logged(String id, long seq) {
    /** Reads {@code id/seq}, as the scripts answer. */
    static Logged parse(String text) {
        int slash = text.indexOf('/');
        return new Logged(text.substring(0, slash), Long.parseLong(text.substring(slash + 1)));
    }
}
