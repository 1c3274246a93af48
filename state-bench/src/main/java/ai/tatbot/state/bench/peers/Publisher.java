package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.Example;
import ai.tatbot.state.client.PublishedSession;
import ai.tatbot.state.client.PublisherStats;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.model.Keys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.RedisClient;

/**
 * The publisher, as fast as it stores: positions of many sessions in turn, none offered again before it is stored, so that
 * nothing is conflated and every offer is an update with its own revision and event.
 */
public final class Publisher implements Contestant {
    private static final int SESSIONS = 256;
    /** Commands of its own in each run: it looks at the revisions before and after. */
    public static final int LOOKS = 2 * SESSIONS;

    /** Fewer than there are sessions: then the one whose turn it is has been stored. */
    private static final int WAITING = SESSIONS - 32;

    private final RedisClient bare;
    private final StatePublisher publisher;
    private final List<PublishedSession> sessions = new ArrayList<>();
    private long offers;

    /** Starts the sessions. */
    public Publisher(StateManager state, RedisClient bare) {
        this.bare = bare;
        this.publisher = state.publisher();
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(publisher.startStrokeSession(Example.session()));
        }
        flush();
    }

    private void flush() {
        if (!publisher.flush(Duration.ofSeconds(10))) {
            throw new IllegalStateException(
                    "the publisher has not stored everything within 10 s: " + publisher.stats());
        }
    }

    private long revisions() {
        long sum = 0;
        for (PublishedSession session : sessions) {
            sum += Long.parseLong(bare.hget(Keys.strokeProgress(session.id()).name(), "rev"));
        }
        return sum;
    }

    @Override
    public String name() {
        return "publisher";
    }

    @Override
    public Sample run(Duration slot) {
        long revisions = revisions();
        PublisherStats before = publisher.stats();
        long begin = System.nanoTime();
        long offered = 0;
        long stored = 0;
        while (System.nanoTime() - begin < slot.toNanos()) {
            if (offered - stored >= WAITING) {
                stored = publisher.stats().sent() - before.sent();
                // Not by spinning: the publisher and Redis need the processors. What waits lasts for milliseconds.
                LockSupport.parkNanos(500_000);
                continue;
            }
            for (int i = 0; i < 16; i++) {
                int position = (int) (offers / SESSIONS % (Example.STROKES * Example.POSES));
                PublishedSession session = sessions.get((int) (offers % SESSIONS));
                if (!session.offer(position / Example.POSES, position % Example.POSES)) {
                    throw new IllegalStateException("the publisher has refused an offer: " + publisher.stats());
                }
                offers++;
                offered++;
            }
        }
        flush();
        long nanos = System.nanoTime() - begin;
        PublisherStats after = publisher.stats();
        if (after.sent() - before.sent() != offered) {
            throw new IllegalStateException(offered + " offered, but " + before + " became " + after);
        }
        long rose = revisions() - revisions;
        // A session that has stood still while others were measured is written once more, to keep its lease; that
        // counts for nothing.
        if (rose < offered || rose > offered + 2L * SESSIONS) {
            throw new IllegalStateException(offered + " offered, but the revisions have risen by " + rose);
        }
        return Sample.counted(offered, nanos);
    }

    @Override
    public void close() {
        sessions.forEach(PublishedSession::end);
        flush();
    }
}
