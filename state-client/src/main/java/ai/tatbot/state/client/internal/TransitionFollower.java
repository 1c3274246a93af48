package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Keys;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listeners of a watch of every transition once, in the order of {@code events:log}: as they are published, for as
 * long as none is missing. As soon as one is, and after every connection, they are taken from the log until that has been read to
 * its end; what is published meanwhile is in it.
 *
 * <p>What reads the log takes the lock of the watch by itself, and holds it for memory only; all else is called under it.
 */
final class TransitionFollower {
    private static final String LOG_DENIED = "events:log may not be read";

    private final Object lock;
    private final RedisConnections redis;
    private final EventLog log;
    private final TransitionDecoder decoder;
    private final WatchCondition condition;
    private final WatchAgenda agenda;
    private final WatchConsumers consumers;

    // All of this belongs to the lock.

    /** Transitions are taken from the log, not from what is published. */
    private boolean catchingUp = true;

    /** The latest transition that was published while they are taken from the log. */
    private @Nullable String published;

    private long publishedSeq;
    private long publishedSeqLost;

    /** How far listeners have been told of the log; null before the first connection. */
    private @Nullable LogCursor cursor;

    private boolean logDenied;
    private boolean denialReported;

    TransitionFollower(
            Object lock,
            RedisConnections redis,
            EventLog log,
            TransitionDecoder decoder,
            WatchCondition condition,
            WatchAgenda agenda,
            WatchConsumers consumers) {
        this.lock = lock;
        this.redis = redis;
        this.log = log;
        this.decoder = decoder;
        this.condition = condition;
        this.agenda = agenda;
        this.consumers = consumers;
    }

    // ---- what is published: under the lock

    /** There is a new connection; what was published before it may be missing. */
    void subscribed() {
        catchingUp = true;
        published = null;
    }

    /** Events before the last one are missing, transitions perhaps among them. */
    void onGap() {
        if (!logDenied) {
            agenda.oweLog();
        }
    }

    /** A transition of any subject. */
    void onTransition(Channel<? extends Event> channel, Event event) {
        if (!decoder.includes(event)) {
            return;
        }
        String id = event.eventId();
        LogCursor told = cursor;
        if (id == null || told == null) {
            consumers.tell(new StateTransition(channel, event, false), null);
            return;
        }
        long seq = event.seq() == null ? 0 : event.seq();
        long seqLost = event.seqLost() == null ? 0 : event.seqLost();
        if (logDenied) {
            tellWithoutLog(new StateTransition(channel, event, false), told, id, seq, seqLost);
            return;
        }
        if (!catchingUp && !told.isBehind(id)) {
            return;
        }
        if (!catchingUp && told.isNext(seq, seqLost)) {
            LogCursor before = told.copy();
            told.advance(id, seq, seqLost);
            consumers.tell(new StateTransition(channel, event, false), before);
            return;
        }
        leaveToLog(id, seq, seqLost);
    }

    /** Numbers tell what is missing, if only the next transition can tell them. */
    private void tellWithoutLog(StateTransition transition, LogCursor told, String id, long seq, long seqLost) {
        if (told.isNews(id, seq)) {
            long lost = told.advance(id, seq, seqLost);
            if (lost > 0) {
                consumers.tellLost(lost, LOG_DENIED, id);
            }
            consumers.tell(transition, null);
        }
    }

    /** It is in the log, behind what is missing. */
    private void leaveToLog(String id, long seq, long seqLost) {
        catchingUp = true;
        if (published == null || LogEntry.compare(id, published) > 0) {
            published = id;
            publishedSeq = seq;
            publishedSeqLost = seqLost;
        }
        agenda.oweLog();
    }

    // ---- what is logged: calls Redis

    /** Before the watch listens. The first time it finds where the log ends: whatever is logged from there on is told. */
    void begin() {
        synchronized (lock) {
            if (cursor != null) {
                return;
            }
        }
        try {
            LogCursor end = log.end();
            synchronized (lock) {
                cursor = end;
            }
        } catch (StateException e) {
            if (!isForGood(e)) {
                throw e;
            }
            goWithoutLog(e);
        }
    }

    /** After a connection: as {@link #catchUp}, even if the log could not be read before. */
    void catchUpAnew() {
        LogCursor told;
        synchronized (lock) {
            told = logDenied ? cursor : null;
        }
        if (told != null && isReadable(told)) {
            synchronized (lock) {
                logDenied = false;
                denialReported = false;
            }
        }
        catchUp();
    }

    private boolean isReadable(LogCursor told) {
        String from;
        synchronized (lock) {
            from = told.id();
        }
        try {
            log.end();
            log.after(from);
            return true;
        } catch (StateException e) {
            if (!isForGood(e)) {
                throw e;
            }
            return false;
        }
    }

    /** Tells of what is in the log, until that has been read to its end. Only one thread at a time may do so. */
    void catchUp() {
        LogCursor told;
        int of;
        synchronized (lock) {
            agenda.takeLog();
            of = condition.connection();
            told = cursor;
            if (told == null || logDenied) {
                catchingUp = false;
                return;
            }
            // Until it has been read, nothing that is published is told: it may be in what is being read.
            catchingUp = true;
        }
        try {
            catchUp(told, of);
        } catch (StateException e) {
            if (isForGood(e)) {
                goWithoutLog(e);
                return;
            }
            synchronized (lock) {
                agenda.oweLog();
            }
            throw e;
        }
    }

    /** Reads on behind this cursor, which nobody else moves while transitions are taken from the log. */
    private void catchUp(LogCursor told, int of) {
        LogCursor end = log.end();
        synchronized (lock) {
            if (condition.connection() == of && told.isAheadOf(end)) {
                told.goBackTo(end);
            }
        }
        boolean more = true;
        while (more && !condition.isClosed()) {
            String from;
            synchronized (lock) {
                from = told.id();
            }
            List<LogEntry> page = log.after(from);
            List<Optional<StateTransition>> decoded =
                    page.stream().map(decoder::decode).toList();
            synchronized (lock) {
                if (condition.connection() != of) {
                    return;
                }
                for (int i = 0; i < page.size(); i++) {
                    tell(page.get(i), decoded.get(i), told);
                }
                more = !isCaughtUp(page.size(), told);
            }
        }
    }

    /** Under the lock. If the log has been read to its end, transitions are told as they are published from here on. */
    private boolean isCaughtUp(int read, LogCursor told) {
        boolean behind = published != null && told.isBehind(published);
        if (read > 0 && (read >= EventLog.PAGE || behind)) {
            return false;
        }
        // If something was published that is not there, the log is gone since; whoever writes next tells.
        catchingUp = false;
        published = null;
        return true;
    }

    /** Under the lock. */
    private void tell(LogEntry entry, Optional<StateTransition> decoded, LogCursor told) {
        if (!told.isBehind(entry.id())) {
            // It was told meanwhile, as it was published.
            return;
        }
        if (told.passesOver(entry.id(), entry.seq())) {
            return;
        }
        LogCursor before = told.copy();
        long lost = told.advance(entry.id(), entry.seq(), entry.seqLost());
        if (lost > 0) {
            consumers.tellLost(
                    lost,
                    entry.seqLost() > 0
                            ? "events:log was lost with its Redis, or in a failover"
                            : "events:log has moved on during an outage",
                    entry.id());
        }
        decoded.ifPresent(transition -> consumers.tell(transition, before));
    }

    /** A login that is refused is another matter: nothing is known of the log then. */
    private static boolean isForGood(StateException e) {
        return RedisErrors.lacksRight(e) || e.reason() == Reason.INVALID;
    }

    /** Transitions are told as they are published until the next connection, and those that are missed are counted. */
    private void goWithoutLog(StateException e) {
        synchronized (lock) {
            logDenied = true;
            catchingUp = false;
            LogCursor told = cursor;
            String left = published;
            published = null;
            if (told != null && left != null && told.isBehind(left)) {
                // It was left to the log, and is lost like those before it.
                consumers.tellLost(told.advance(left, publishedSeq, publishedSeqLost) + 1, LOG_DENIED, left);
            }
            if (denialReported) {
                return;
            }
            denialReported = true;
        }
        redis.report(new Problem(
                Problem.Kind.SIDE_EFFECT_FAILED,
                Keys.eventsLog().name(),
                "transitions that are missed in an outage will not be caught up: " + e.getMessage(),
                e));
    }
}
