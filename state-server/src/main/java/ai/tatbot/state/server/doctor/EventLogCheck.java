package ai.tatbot.state.server.doctor;

import ai.tatbot.state.model.Keys;
import ai.tatbot.state.server.doctor.EventLog.Entry;
import ai.tatbot.state.server.show.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the log of transitions is whole, and reaches back far enough for a listener that was away. */
final class EventLogCheck extends Check {
    /** An outage, or a reboot with its checks, may last so long. */
    private static final Duration SHORT = Duration.ofHours(1);

    EventLogCheck() {
        super(Part.FLEET, "event log");
    }

    @Override
    Result examine(Examination examination) {
        EventLog log = examination.eventLog();
        if (log.entries().isEmpty()) {
            return Result.ok("empty");
        }
        long breaks = breaks(log.entries());
        if (breaks > 0) {
            return Result.warn(
                            "begun anew " + (breaks == 1 ? "once" : breaks + " times") + " among the last "
                                    + Text.count(log.entries().size(), "transition") + ": those before were lost",
                            "Redis lost its data (see persistence), or a failover cut off the end. What was lost is lost; this line goes"
                                    + " away as new transitions come.")
                    .with("breaks", breaks);
        }
        long capacity = Keys.EVENTS_LOG.maxLength().orElseThrow();
        Duration reach = reach(examination);
        String found = Text.count(log.length(), "transition") + ", the oldest " + Words.span(reach) + " ago";
        // Streams are trimmed by whole nodes, so a full one has at least so many.
        boolean full = log.length() >= capacity;
        return (full && reach.compareTo(SHORT) < 0
                        ? Result.warn(
                                found + "; it is full, and who is away for longer misses some",
                                "Find who publishes so many transitions: tatbot-state watch.")
                        : Result.ok(found))
                .with("length", log.length())
                .with("capacity", capacity);
    }

    /** How often the numbers do not go on: a log that was lost is begun anew far above. */
    private static long breaks(List<Entry> entries) {
        long breaks = 0;
        long last = 0;
        for (Entry entry : entries) {
            if (entry.seqLost() > 0 || (entry.seq() > 0 && last > 0 && entry.seq() != last + 1)) {
                breaks++;
            }
            last = entry.seq() > 0 ? entry.seq() : last;
        }
        return breaks;
    }

    private static Duration reach(Examination examination) {
        @Nullable
        Object first = examination
                .redis()
                .call(
                        "reading the log",
                        "XRANGE",
                        examination.named(Keys.eventsLog().name()),
                        "-",
                        "+",
                        "COUNT",
                        "1");
        if (first instanceof List<?> entries
                && !entries.isEmpty()
                && entries.get(0) instanceof List<?> entry
                && entry.get(0) instanceof String id
                && id.matches("[0-9]{1,15}-[0-9]+")) {
            Instant begin = Instant.ofEpochMilli(Long.parseLong(id.substring(0, id.indexOf('-'))));
            return Duration.between(begin, examination.redisTime());
        }
        return Duration.ZERO;
    }
}
