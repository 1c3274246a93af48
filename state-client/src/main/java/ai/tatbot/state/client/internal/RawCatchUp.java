package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.text;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.RawListener;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.model.Keys;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A raw listener, and what it has missed: remembers the last transition that came, and after an outage reads from there on in
 * {@code events:log}. Only the thread of the subscription uses it.
 */
final class RawCatchUp implements EventStream.Listener {
    /** As the scripts begin what they publish of a transition. */
    private static final Pattern HEAD = Pattern.compile(
            "\\{(?:\"rev\":\\d{1,18},)?\"event_id\":\"(\\d{1,20}-\\d{1,20})\",\"seq\":(\\d{1,18}),(?:\"seq_lost\":(\\d{1,18}),)?");

    private static final int LONGEST_HEAD = 160;

    private final RedisConnections redis;
    private final Namespace namespace;
    private final EventLog log;
    private final Pattern wanted;
    private final RawListener listener;

    /** Null before the first connection. */
    private @Nullable LogCursor cursor;

    private boolean denied;

    RawCatchUp(RedisConnections redis, Namespace namespace, Collection<String> channels, RawListener listener) {
        this.redis = redis;
        this.namespace = namespace;
        this.log = new EventLog(redis, namespace);
        this.listener = listener;
        this.wanted = Pattern.compile(channels.stream().map(RawCatchUp::regex).collect(Collectors.joining("|")));
    }

    /** As Redis reads a pattern of channels; of what it has, only the star is of use here. */
    private static String regex(String pattern) {
        return List.of(pattern.split("\\*", -1)).stream().map(Pattern::quote).collect(Collectors.joining(".*"));
    }

    @Override
    public void connecting() {
        if (cursor == null && !denied) {
            try {
                cursor = log.end();
            } catch (StateException e) {
                deny(e);
            }
        }
    }

    @Override
    public void subscribed() {
        LogCursor told = cursor;
        if (told == null || denied) {
            return;
        }
        try {
            LogCursor end = log.end();
            if (told.isAheadOf(end)) {
                told.goBackTo(end);
            }
            List<LogEntry> page;
            do {
                page = log.after(told.id());
                page.forEach(entry -> tell(entry, told));
            } while (page.size() == EventLog.PAGE);
        } catch (StateException e) {
            deny(e);
        }
    }

    private void deny(StateException e) {
        if (e.reason() != Reason.DENIED && e.reason() != Reason.INVALID) {
            throw e;
        }
        denied = true;
        redis.report(new Problem(
                Problem.Kind.SIDE_EFFECT_FAILED,
                Keys.eventsLog().name(),
                "transitions that are missed in an outage will not be caught up: " + e.getMessage(),
                e));
    }

    private void tell(LogEntry entry, LogCursor told) {
        long lost = told.advance(entry.id(), entry.seq(), entry.seqLost());
        if (lost > 0) {
            guarded(() -> listener.onLost(
                    new LostTransitions(lost, false, "events:log has moved on, or was lost, during an outage")));
        }
        String channel = namespace.strip(entry.channel());
        if (wanted.matcher(channel).matches()) {
            guarded(() -> listener.onCaughtUp(channel, TransitionDecoder.published(entry)));
        }
    }

    @Override
    public void onMessage(byte[] channel, byte[] message) {
        LogCursor told = cursor;
        Matcher head = HEAD.matcher(text(message.length > LONGEST_HEAD ? head(message) : message));
        if (told != null && head.lookingAt()) {
            String id = head.group(1);
            if (!told.isBehind(id)) {
                // It came with what was caught up.
                return;
            }
            told.advance(id, LogEntry.number(head.group(2)), LogEntry.number(head.group(3)));
        }
        listener.onMessage(namespace.strip(text(channel)), message);
    }

    private static byte[] head(byte[] message) {
        return java.util.Arrays.copyOf(message, LONGEST_HEAD);
    }

    /** What a listener throws must not end the connection. */
    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            redis.report(new Problem(
                    Problem.Kind.LISTENER_FAILED,
                    Keys.eventsLog().name(),
                    "a listener threw " + e + "; it goes on being called",
                    e));
        }
    }
}
