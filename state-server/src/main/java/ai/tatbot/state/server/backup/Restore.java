package ai.tatbot.state.server.backup;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.internal.KeyCopies;
import ai.tatbot.state.client.internal.KeyCopy;
import ai.tatbot.state.model.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes the keys of a backup back, as they were: content, revision, and the moment at which they expire. What has expired since
 * stays away. First the whole file is read, and Redis asked whether it could take each key; only then anything is written.
 */
public final class Restore {
    private static final int KEYS_AT_ONCE = 64;
    private static final int BYTES_AT_ONCE = 4 << 20;
    private static final int NAMED = 3;

    private final KeyCopies redis;
    private final Progress progress;

    /** @param redis stays the caller's to close */
    public Restore(KeyCopies redis, Progress progress) {
        this.redis = redis;
        this.progress = progress;
    }

    /**
     * Restores a backup.
     *
     * @param namespace the one that is meant: that of the backup
     * @param replace whether keys that exist already are overwritten; else it is refused if there are any
     * @param dryRun whether all is checked, and nothing written
     * @throws BackupException if it is refused; nothing was written
     * @throws StateException if Redis cannot be reached, or refuses to read or write. The message says if some keys were written
     */
    public Done read(Path file, String namespace, boolean replace, boolean dryRun) {
        try (BackupReader backup = new BackupReader(file)) {
            BackupHeader header = prove(file, backup, namespace);
            long total = 2 * backup.length();
            Plan plan = new Plan(redis.time().toEpochMilli());
            inBatches(backup, total, 0, plan::look);
            if (!replace && plan.existing > 0) {
                throw new BackupException(
                        plan.existing + " of the " + plan.keys + " keys exist already, such as "
                                + String.join(", ", plan.examples)
                                + ". Nothing was written. Overwrite them with --replace; keys that are not in the file are left as they are.");
            }
            if (dryRun) {
                return new Done(header, plan.keys, 0, plan.expired, plan.existing, 0);
            }
            Writing writing = new Writing(plan, replace);
            inBatches(backup, total, backup.length(), writing::write);
            return new Done(header, plan.keys, writing.written, writing.expired, plan.existing, writing.left);
        }
    }

    /** Reads all of it before anything is asked of Redis. */
    private BackupHeader prove(Path file, BackupReader backup, String namespace) {
        List<String> strangers = new ArrayList<>();
        BackupHeader header = backup.read(
                copy -> {
                    if (strangers.isEmpty() && !redis.isOurs(copy.name())) {
                        strangers.add(Shown.text(copy.toString()));
                    }
                },
                read -> {});
        if (!header.namespace().equals(namespace)) {
            throw new BackupException(file + " is of " + named(header.namespace()) + ", and " + named(namespace)
                    + " is asked for. Nothing was written. Say which with --namespace.");
        }
        if (!strangers.isEmpty()) {
            throw new BackupException(file + " holds " + strangers.get(0)
                    + ", which is no key of ours. Nothing was written. Is it a backup that tatbot-state has made?");
        }
        return header;
    }

    private static String named(String namespace) {
        return namespace.isEmpty() ? "no namespace" : "the namespace " + namespace;
    }

    private void inBatches(BackupReader backup, long total, long before, Consumer<List<KeyCopy>> work) {
        List<KeyCopy> batch = new ArrayList<>();
        long[] bytes = {0};
        BackupHeader unused = backup.read(
                copy -> {
                    batch.add(copy);
                    bytes[0] += copy.value().length;
                    if (batch.size() >= KEYS_AT_ONCE || bytes[0] >= BYTES_AT_ONCE) {
                        work.accept(batch);
                        batch.clear();
                        bytes[0] = 0;
                    }
                },
                read -> progress.at(before + read, total));
        if (!batch.isEmpty()) {
            work.accept(batch);
        }
    }

    /** What there is to do. */
    private final class Plan {
        private final long now;
        private final List<String> examples = new ArrayList<>();
        private long keys;
        private long expired;
        private long existing;

        Plan(long now) {
            this.now = now;
        }

        void look(List<KeyCopy> copies) {
            keys += copies.size();
            try {
                redis.check(copies);
            } catch (StateException e) {
                throw new StateException(e.reason(), e.getMessage() + " Nothing was written.", e);
            }
            List<KeyCopy> alive =
                    copies.stream().filter(copy -> !copy.isExpiredAt(now)).toList();
            expired += copies.size() - alive.size();
            List<KeyCopy> there = redis.existing(alive);
            existing += there.size();
            there.stream()
                    .limit(NAMED - examples.size())
                    .map(copy -> Shown.text(copy.toString()))
                    .forEach(examples::add);
        }
    }

    /** What was done. */
    private final class Writing {
        private final Plan plan;
        private final boolean replace;
        private long written;
        private long expired;
        private long left;

        Writing(Plan plan, boolean replace) {
            this.plan = plan;
            this.replace = replace;
        }

        void write(List<KeyCopy> copies) {
            try {
                // Another time for each batch: what expires while this goes on must not replace anything.
                long now = redis.time().toEpochMilli();
                List<KeyCopy> alive =
                        copies.stream().filter(copy -> !copy.isExpiredAt(now)).toList();
                expired += copies.size() - alive.size();
                int there = redis.restore(alive, replace).size();
                left += there;
                written += alive.size() - there;
            } catch (StateException e) {
                throw new StateException(
                        e.reason(),
                        e.getMessage() + " At least " + written + " of " + plan.keys
                                + " keys were written before. When that is mended, restore again with --replace.",
                        e);
            }
        }
    }

    /**
     * A restore that has come to its end.
     *
     * @param header what the backup says of itself
     * @param keys how many it holds
     * @param written how many of them were written; 0 in a dry run
     * @param expired how many had expired since, and so were not
     * @param existing how many existed before, and were overwritten, or in a dry run would be
     * @param left how many came into being meanwhile, and were left as they are
     */
    public record Done(BackupHeader header, long keys, long written, long expired, long existing, long left) {}
}
