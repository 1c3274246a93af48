package ai.tatbot.state.client.internal;

/**
 * How far a reader has come in {@code events:log}, and how many entries it can never get. Not thread-safe.
 *
 * <p>The numbers of one log are dense. A log that was lost begins anew with a later epoch, and every writer tells once which
 * number it was given last before that; so what was lost can be counted, too. See {@code log.lua}.
 */
final class LogCursor {
    static final String BEGINNING = "0-0";

    private static final long EPOCH = 100_000;
    private static final long NOT_KNOWN = -1;

    private String id;
    private long seq;

    /** First number of the present log that this reader knows to be of it. */
    private long begin;

    /** How far the log before this one is accounted for; not known if this reader never saw it. */
    private long lostUpTo = NOT_KNOWN;

    /** While the log is read from its beginning once more: up to where it was told before; else 0. */
    private long passOverUpTo;

    LogCursor(String id, long seq) {
        this.id = id;
        this.seq = seq;
        this.begin = seq;
    }

    LogCursor copy() {
        LogCursor copy = new LogCursor(id, seq);
        copy.begin = begin;
        copy.passOverUpTo = passOverUpTo;
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

    /** Whether this is the very next entry of the same log, the first of an empty one, or its number is not known. */
    boolean isNext(long nextSeq, long seqLost) {
        boolean isFirst = seq == 0 && nextSeq % EPOCH == 1;
        return seqLost == 0 && (nextSeq == 0 || nextSeq == seq + 1 || isFirst);
    }

    boolean isAheadOf(LogCursor end) {
        return LogEntry.compare(id, end.id) > 0;
    }

    /**
     * The log ends before what was seen of it. After a failover it is the beginning of the same log, and goes on at its end; if it
     * was begun anew under a clock that went back, it is read from its beginning: see {@link #passesOver}.
     */
    void goBackTo(LogCursor end) {
        logEnded();
        boolean isAnew = end.seq > seq || seq - end.seq >= EPOCH;
        if (end.seq > 0 && isAnew) {
            id = BEGINNING;
            passOverUpTo = seq;
        } else {
            id = end.id;
            seq = end.seq;
            begin = seq;
        }
    }

    /** Whether this entry is one that was told before the log had to be read from its beginning; goes on to it if so. */
    boolean passesOver(String nextId, long nextSeq) {
        boolean told = nextSeq > 0 && nextSeq <= passOverUpTo && isSameLog(nextSeq, passOverUpTo);
        if (told) {
            id = nextId;
        }
        return told;
    }

    /** Whether this entry was not told yet, though the ids may have begun anew. */
    boolean isNews(String nextId, long nextSeq) {
        return isBehind(nextId) || nextSeq > seq;
    }

    /** Goes on to an entry of which nothing before it is asked for. */
    void goTo(String nextId, long nextSeq) {
        advance(nextId, nextSeq, 0);
    }

    /** Goes on to the entry that follows in the log. Returns how many are missing before it. */
    long advance(String nextId, long nextSeq, long seqLost) {
        id = nextId;
        passOverUpTo = 0;
        long lost = 0;
        if (nextSeq > 0) {
            if (nextSeq > seq && isSameLog(seq, nextSeq)) {
                lost = nextSeq - seq - 1;
            } else {
                logEnded();
                // If it was begun by a clock that went back, those who were given higher numbers before will tell.
                lost = nextSeq > seq ? nextSeq % EPOCH - 1 : 0;
                begin = nextSeq - nextSeq % EPOCH;
            }
            seq = nextSeq;
        }
        return lost + lostBefore(seqLost);
    }

    /** As in {@code log.lua}. */
    private static boolean isSameLog(long earlier, long later) {
        long epochs = later / EPOCH - earlier / EPOCH;
        return epochs == 0 || (epochs == 1 && earlier % EPOCH > EPOCH / 2);
    }

    /** What was seen of the log until now was all that there will ever be. */
    private void logEnded() {
        if (seq > 0) {
            lostUpTo = Math.max(seq, lostUpTo);
        }
    }

    private long lostBefore(long seqLost) {
        boolean isOfThisLog = seqLost >= begin && seqLost <= seq;
        if (seqLost == 0 || isOfThisLog || lostUpTo == NOT_KNOWN || seqLost <= lostUpTo) {
            return 0;
        }
        // A whole log may have come and gone meanwhile; of the one before that nothing can be known.
        long lost = isSameLog(lostUpTo, seqLost) ? seqLost - lostUpTo : seqLost % EPOCH;
        lostUpTo = seqLost;
        return lost;
    }
}
