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
    static WriteReply parse(String reply) {
        if (reply.indexOf(' ') < 0 && reply.indexOf('\n') < 0) {
            return new WriteReply(Long.parseLong(reply), false, List.of(), "");
        }
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
