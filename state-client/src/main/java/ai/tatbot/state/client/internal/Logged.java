package ai.tatbot.state.client.internal;

import java.util.List;
import java.util.stream.Stream;

/**
 * Where a transition stands in {@code events:log}.
 *
 * @param id id of its entry
 * @param seq its running number
 */
record Logged(String id, long seq) {
    /** Those in a script's reply, before its note. */
    static List<Logged> in(String reply) {
        return reply.lines()
                .limit(1)
                .flatMap(line -> Stream.of(line.split(" ", -1)))
                .filter(word -> word.contains("/"))
                .map(Logged::parse)
                .toList();
    }

    /** Reads {@code id/seq}, as the scripts answer. */
    static Logged parse(String text) {
        int slash = text.indexOf('/');
        return new Logged(text.substring(0, slash), Long.parseLong(text.substring(slash + 1)));
    }
}
