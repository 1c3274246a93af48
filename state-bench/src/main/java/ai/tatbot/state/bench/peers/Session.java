package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.StoredUpdates;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.model.Keys;
import redis.clients.jedis.RedisClient;

/** A stroke session whose updates are counted, and must all be stored. For one thread. */
public final class Session implements Caller {
    private final RedisClient bare;
    private final StrokeSession session;
    private long first;
    private long updates;

    /** Starts one. */
    public Session(StateManager state, RedisClient bare) {
        this.bare = bare;
        this.session = state.startStrokeSession(Example.session());
        this.first = session.revision();
    }

    /** The session itself. */
    public StrokeSession session() {
        return session;
    }

    /** Key of its document. */
    public String key() {
        return Keys.strokeProgress(session.id()).name();
    }

    /** Its next position. */
    @Override
    public void call() {
        int position = (int) (updates % (Example.STROKES * Example.POSES));
        session.update(position / Example.POSES, position % Example.POSES);
        updates++;
    }

    /** So many updates were made by other means. */
    public void count(long others) {
        updates += others;
    }

    /** The bytes that are stored now. */
    public byte[] document() {
        return bare.hget(Example.key(session), Example.field());
    }

    /** Revision that is stored now. */
    public long revision() {
        return Long.parseLong(bare.hget(key(), "rev"));
    }

    /** Checks that the revision has risen by the number of updates since the last check. */
    public void check() {
        long now = revision();
        StoredUpdates.check(session.id(), first, updates, now);
        first = now;
        updates = 0;
    }

    @Override
    public void close() {
        try {
            check();
        } finally {
            session.end();
        }
    }
}
