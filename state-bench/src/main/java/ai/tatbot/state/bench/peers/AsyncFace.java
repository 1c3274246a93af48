package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.BenchRedis;
import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.StoredUpdates;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.async.AsyncStateManager;
import ai.tatbot.state.client.async.AsyncStrokeSession;
import ai.tatbot.state.model.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import redis.clients.jedis.RedisClient;

/** Positions of some sessions in turn, by the asynchronous face of the client. For one thread. */
public final class AsyncFace implements Pipelined.Call, AutoCloseable {
    /** As many as {@code redis-benchmark} has clients. */
    private static final int SESSIONS = 8;

    private final AsyncStateManager state;
    private final RedisClient bare;
    private final List<AsyncStrokeSession> sessions = new ArrayList<>();
    private final List<Long> first = new ArrayList<>();
    private long updates;

    private AsyncFace(BenchRedis redis, RedisClient bare) {
        this.state = await(AsyncStateManager.connect(redis.options().build()));
        this.bare = bare;
        for (int i = 0; i < SESSIONS; i++) {
            AsyncStrokeSession session = await(state.startStrokeSession(Example.session()));
            sessions.add(session);
            first.add(session.revision());
        }
    }

    /** Updates with {@link Pipelined#IN_FLIGHT} of them under way. */
    public static Contestant updates(BenchRedis redis, RedisClient bare) {
        AsyncFace face = new AsyncFace(redis, bare);
        return new Pipelined("AsyncStateManager", face, face);
    }

    @Override
    public CompletionStage<?> start() {
        int position = (int) (updates / SESSIONS % (Example.STROKES * Example.POSES));
        AsyncStrokeSession session = sessions.get((int) (updates % SESSIONS));
        updates++;
        return session.update(position / Example.POSES, position % Example.POSES);
    }

    /** Checks that each revision has risen by the number of that session's updates. */
    @Override
    public void close() {
        try {
            for (int i = 0; i < SESSIONS; i++) {
                String id = sessions.get(i).id();
                long now = Long.parseLong(bare.hget(Keys.strokeProgress(id).name(), "rev"));
                StoredUpdates.check(id, first.get(i), (updates + SESSIONS - 1 - i) / SESSIONS, now);
            }
            sessions.forEach(session -> await(session.end()));
        } finally {
            state.close();
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StateException failure ? failure : e;
        }
    }
}
