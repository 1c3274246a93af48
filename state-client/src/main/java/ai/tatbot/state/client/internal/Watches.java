package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.WatchScope;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The watches of one manager; closes them with it. Thread-safe. */
public final class Watches implements AutoCloseable {
    private final RedisConnections redis;
    private final Namespace namespace;
    private final DocumentReader documents;
    private final Indexes indexes;
    private final Set<Watch> open = ConcurrentHashMap.newKeySet();

    public Watches(RedisConnections redis, Namespace namespace, DocumentReader documents, Indexes indexes) {
        this.redis = redis;
        this.namespace = namespace;
        this.documents = documents;
        this.indexes = indexes;
    }

    /** Opens a watch; Redis may be away. */
    public Watch open(WatchScope scope) {
        if (redis.isClosed()) {
            throw RedisConnections.closedException();
        }
        Watch watch = new Watch(redis, namespace, documents, indexes, scope, open::remove);
        open.add(watch);
        watch.start();
        if (redis.isClosed()) {
            // The manager was closed at this moment, and may not have seen this one.
            watch.close();
            throw RedisConnections.closedException();
        }
        return watch;
    }

    @Override
    public void close() {
        open.forEach(Watch::close);
    }
}
