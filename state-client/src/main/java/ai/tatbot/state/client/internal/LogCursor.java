package ai.tatbot.state.client.internal;

/**
 * How far a reader has come in {@code events:log}, and how many entries it can never get. Not thread-safe.
 *
 * <p>The numbers of one log are dense. A log that was lost begins anew with the next full million, and every writer tells once
 * which number it was given last before that; so what was lost can be counted, too. See {@code log.lua}.
 */
final class LogCursor {
    static final String BEGINNING = "0-0";

    private static final long EPOCH = 1_000_000;
    private static final long NOT_KNOWN = -1;

    private String id;
    private long seq;

    /** How far the log before this one is accounted for; not known if this reader never saw it. */
    private long lostUpTo = NOT_KNOWN;

    LogCursor(String id, long seq) {
        this.id = id;
        this.seq = seq;
    }

    LogCursor copy() {
        LogCursor copy = new LogCursor(id, seq);
        copy.lostUpTo = lostUpTo;
        return copy;
    }

    /** Id of the last entry that was seen. */
    String id() {
        return id;
    }

    boolean isBehind(String other) {
        return LogEntry.compare(other, id) > 0;
    }

    /** Whether this is the very next entry of the same log, or its number is not known. */
    boolean isNext(long nextSeq, long seqLost) {
        return seqLost == 0 && (nextSeq == 0 || nextSeq == seq + 1);
    }

    boolean isAheadOf(LogCursor end) {
        return LogEntry.compare(id, end.id) > 0;
    }

    /** The log ends before what was seen of it, as after a failover or a restart without data: goes on from there. */
    void goBackTo(LogCursor end) {
        logEnded();
        id = end.id;
        seq = end.seq;
    }

    /** Goes on to an entry of which nothing before it is asked for. */
    void goTo(String nextId, long nextSeq) {
        advance(nextId, nextSeq, 0);
    }

    /** Goes on to the entry that follows in the log. Returns how many are missing before it. */
    long advance(String nextId, long nextSeq, long seqLost) {
        id = nextId;
        long lost = 0;
        if (nextSeq > 0) {
            if (nextSeq / EPOCH > seq / EPOCH && nextSeq != seq + 1) {
                logEnded();
                lost = nextSeq % EPOCH - 1;
            } else if (nextSeq > seq) {
                lost = nextSeq - seq - 1;
            } else {
                // Begun anew by a writer that was given none before; those who were will tell.
                logEnded();
            }
            seq = nextSeq;
        }
        return lost + lostBefore(seqLost);
    }

    /** What was seen of the log until now was all that there will ever be. */
    private void logEnded() {
        if (seq > 0) {
            lostUpTo = Math.max(seq, lostUpTo);
        }
    }

    private long lostBefore(long seqLost) {
        if (seqLost == 0 || lostUpTo == NOT_KNOWN || seqLost <= lostUpTo) {
            return 0;
        }
        // A whole log may have come and gone meanwhile; of the one before that nothing can be known.
        long lost = seqLost / EPOCH == lostUpTo / EPOCH ? seqLost - lostUpTo : seqLost % EPOCH;
        lostUpTo = seqLost;
        return lost;
    }
}
