package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import java.util.List;

/**
 * What the scripts answer: {@code revision}, then from {@code write.lua} {@code previous-revision event-id/seq...}, then after a line
 * feed a note, if something failed that does not refuse the write.
 *
 * @param created whether the key had no revision of ours before
 */
record WriteReply(long revision, boolean created, List<Logged> logged, String note) {
    /** Most digits of a revision, which is below 9e15. */
    private static final int MOST_DIGITS = 16;

    /** The same from the bytes as they came, of which a position has nothing but the revision. */
    static WriteReply read(byte[] reply) {
        long revision = 0;
        for (byte digit : reply) {
            if (digit < '0' || digit > '9' || reply.length > MOST_DIGITS) {
                return parse(Namespace.text(reply));
            }
            revision = 10 * revision + digit - '0';
        }
        return new WriteReply(revision, false, List.of(), "");
    }

    static WriteReply parse(String reply) {
        int end = reply.indexOf('\n');
        String note = end < 0 ? "" : reply.substring(end + 1);
        List<String> words = List.of((end < 0 ? reply : reply.substring(0, end)).split(" ", -1));
        boolean created = words.size() > 1 && words.get(1).equals("0");
        List<Logged> logged = words.stream().skip(2).map(Logged::parse).toList();
        return new WriteReply(Long.parseLong(words.get(0)), created, logged, note);
    }

    /** Tells the program of the note, if there is one. */
    void reportNote(RedisConnections redis, String source) {
        reportNote(redis, source, note);
    }

    static void reportNote(RedisConnections redis, String source, String note) {
        if (!note.isEmpty()) {
            redis.report(new Problem(
                    Problem.Kind.SIDE_EFFECT_FAILED,
                    source,
                    "stored and published, but what goes with it failed: " + note,
                    null));
        }
    }
}
