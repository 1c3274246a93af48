package ai.tatbot.state.server.backup;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.SystemStatus.RedisServer;
import ai.tatbot.state.client.internal.KeyCopies;
import ai.tatbot.state.client.internal.KeyCopy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Copies every key into a file, while the robots go on. What a backup is worth: docs/operations/backup.md. */
public final class Backup {
    /** Redis does nothing else while it copies so many. */
    private static final int COPIED_AT_ONCE = 32;

    private final KeyCopies redis;
    private final Progress progress;

    /** @param redis stays the caller's to close */
    public Backup(KeyCopies redis, Progress progress) {
        this.redis = redis;
        this.progress = progress;
    }

    /**
     * Makes one. The file has its name once it is whole, and others than its owner cannot read it.
     *
     * @param namespace of the keys
     * @param database that they are in
     * @param replace whether a file of that name is replaced
     * @throws BackupException if it cannot be written, or is there already
     * @throws StateException if Redis cannot be read
     */
    public Made write(Path file, String namespace, int database, boolean replace) {
        String instance = redis.instance();
        RedisServer server = redis.server();
        BackupHeader header =
                new BackupHeader(server.kind() + " " + server.version(), redis.time(), namespace, database);
        try (BackupWriter out = new BackupWriter(file, header, replace)) {
            long keys = copy(out);
            if (!redis.instance().equals(instance)) {
                throw new BackupException("another Redis answers at " + redis.address()
                        + " than in the beginning: it was started again, or a failover has happened. Nothing was kept;"
                        + " make the backup again.");
            }
            return new Made(header, keys, out.finish());
        }
    }

    private long copy(BackupWriter out) {
        long total = redis.databaseSize();
        // A key may be found more than once.
        Set<ByteBuffer> known = new HashSet<>();
        long[] written = {0};
        redis.scan(
                found -> {
                    List<byte[]> names = found.stream()
                            .filter(name -> known.add(ByteBuffer.wrap(name)))
                            .toList();
                    for (List<byte[]> some : Batches.of(names, COPIED_AT_ONCE)) {
                        List<KeyCopy> copies = redis.copy(some);
                        copies.forEach(out::write);
                        written[0] += copies.size();
                    }
                },
                seen -> progress.at(Math.min(seen, total), total));
        return written[0];
    }

    /**
     * A backup that was made.
     *
     * @param header what it says of itself
     * @param keys how many it holds
     * @param bytes its length
     */
    public record Made(BackupHeader header, long keys, long bytes) {}
}
