package ai.tatbot.state.server.doctor;

import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.server.doctor.EventLog.Entry;
import ai.tatbot.state.server.show.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Whether the last transitions in the log fit their schema. */
final class EventsCheck extends Check {
    EventsCheck() {
        super(Part.FLEET, "events");
    }

    @Override
    Result examine(Examination examination) {
        List<Entry> entries = examination.eventLog().entries();
        List<String> invalid = new ArrayList<>();
        for (Entry entry : entries) {
            try {
                Channel<? extends Event> channel = Channels.parse(strip(examination, entry.channel()))
                        .orElseThrow(() -> new InvalidValueException("no channel of the schema"));
                channel.read(entry.event().getBytes(StandardCharsets.UTF_8));
            } catch (InvalidValueException e) {
                invalid.add(entry.id() + " on " + Words.safe(entry.channel()) + ": "
                        + Words.safe(String.valueOf(e.getMessage())));
            }
        }
        if (invalid.isEmpty()) {
            return Result.ok(
                    entries.isEmpty()
                            ? "none logged yet"
                            : "the last " + Text.count(entries.size(), "transition") + " are valid");
        }
        return Result.warn(Words.some(invalid, 2), "Find the program that publishes it; listeners pass it over.")
                .with("invalid", invalid.size());
    }

    private static String strip(Examination examination, String channel) {
        String prefix = examination.named("");
        return channel.startsWith(prefix) ? channel.substring(prefix.length()) : channel;
    }
}
