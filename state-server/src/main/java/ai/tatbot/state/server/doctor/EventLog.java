package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.model.Keys;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The end of {@code events:log}.
 *
 * @param length how many entries it has in all
 * @param entries the last ones, oldest first
 */
record EventLog(long length, List<Entry> entries) {
    private static final int LAST = 1_000;

    static EventLog read(StateManager state) {
        Optional<KeyContents> log = state.contents(Keys.eventsLog(), LAST);
        return log.map(contents -> new EventLog(
                        contents.length(),
                        contents.entries().stream()
                                .map(entry -> entry(entry.id(), entry.fields()))
                                .toList()))
                .orElseGet(() -> new EventLog(0, List.of()));
    }

    private static Entry entry(String id, Map<String, String> fields) {
        return new Entry(
                id,
                fields.getOrDefault("channel", ""),
                fields.getOrDefault("event", ""),
                number(fields.getOrDefault("seq", "")),
                number(fields.getOrDefault("seq_lost", "")));
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /**
     * One transition.
     *
     * @param seq running number; 0 if it has none
     * @param seqLost last number of a log that was lost before this; 0 if none was
     */
    record Entry(String id, String channel, String event, long seq, long seqLost) {}
}
