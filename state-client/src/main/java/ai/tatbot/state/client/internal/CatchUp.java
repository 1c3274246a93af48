package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.model.Keys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gets the transitions that one subscription missed in an outage. Used by the thread of its feed alone. */
final class CatchUp {
    /** How our scripts begin what they publish of a transition; what looks otherwise is some application's own. */
    private static final Pattern HEAD = Pattern.compile(
            "\\{(?:\"rev\":\\d{1,18},)?\"event_id\":\"(\\d{1,19}-\\d{1,19})\",\"seq\":(\\d{1,18}),.*", Pattern.DOTALL);

    private static final int LOOK_INTO = 160;

    private final RedisConnections redis;
    private final Namespace namespace;
    private final EventLog log;
    private final Predicate<String> includes;
    private final EventStream.Listener listener;
    private @Nullable LogCursor cursor;
    private boolean refusalReported;

    /** @param includes tells by a channel's name, without the namespace, whether it is listened to */
    CatchUp(RedisConnections redis, Namespace namespace, Predicate<String> includes, EventStream.Listener listener) {
        this.redis = redis;
        this.namespace = namespace;
        this.log = new EventLog(redis, namespace);
        this.includes = includes;
        this.listener = listener;
    }

    /** Before the first connection: what is logged from here on is told. */
    void begin() {
        if (cursor == null) {
            unlessRefused(() -> cursor = log.end());
        }
    }

    /** After every connection. */
    void run() {
        LogCursor told = cursor;
        if (told != null) {
            unlessRefused(() -> run(told));
        }
    }

    private void run(LogCursor told) {
        LogCursor end = log.end();
        if (told.isAheadOf(end)) {
            told.goBackTo(end);
        }
        List<LogEntry> page;
        do {
            page = log.after(told.id());
            page.forEach(entry -> tell(entry, told));
        } while (page.size() == EventLog.PAGE);
    }

    private void tell(LogEntry entry, LogCursor told) {
        if (told.passesOver(entry.id(), entry.seq())) {
            return;
        }
        long lost = told.advance(entry.id(), entry.seq(), entry.seqLost());
        if (lost > 0) {
            listener.onLost(new LostTransitions(lost, false, "events:log has moved on, or was lost, during an outage"));
        }
        if (includes.test(namespace.strip(entry.channel()))) {
            listener.onCaughtUp(Namespace.bytes(entry.channel()), entry.published());
        }
    }

    /** Whether a message has not been told yet; it counts as told from now on. */
    boolean isNews(byte[] message) {
        LogCursor told = cursor;
        Matcher head = HEAD.matcher(head(message));
        if (told == null || !head.matches()) {
            return true;
        }
        if (!told.isBehind(head.group(1))) {
            return false;
        }
        told.goTo(head.group(1), LogEntry.number(head.group(2)));
        return true;
    }

    private static String head(byte[] message) {
        return new String(message, 0, Math.min(LOOK_INTO, message.length), StandardCharsets.UTF_8);
    }

    private void unlessRefused(Runnable reading) {
        try {
            reading.run();
            refusalReported = false;
        } catch (StateException e) {
            if (!RedisErrors.lacksRight(e) && e.reason() != Reason.INVALID) {
                throw e;
            }
            if (refusalReported) {
                return;
            }
            refusalReported = true;
            redis.report(new Problem(
                    Problem.Kind.SIDE_EFFECT_FAILED,
                    Keys.eventsLog().name(),
                    "transitions that are missed in an outage will not be caught up: " + e.getMessage(),
                    e));
        }
    }
}
