package ai.tatbot.state.server.backup;

import ai.tatbot.state.client.internal.KeyCopy;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Reads a backup, as {@link BackupWriter} describes it. Not thread-safe. */
final class BackupReader implements AutoCloseable {
    private static final int LONGEST_LINE = 1_000;
    private static final int MOST_LINES = 20;

    private final Path file;
    private final FileChannel channel;
    private final long length;

    /** @throws BackupException if it cannot be read */
    BackupReader(Path file) {
        this.file = file;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.READ);
            this.length = channel.size();
        } catch (IOException e) {
            throw new BackupException(
                    "cannot read " + file + " (" + e.getClass().getSimpleName().replace("Exception", "") + ")", e);
        }
    }

    /** Its length in bytes. */
    long length() {
        return length;
    }

    /**
     * Reads it from its beginning to its end.
     *
     * @param key told of each key; of a backup that is cut or damaged, of some before that is noticed
     * @param progress told how many bytes have been read
     * @return what it says of itself, which is proved
     * @throws BackupException if it is no backup, or cut, or damaged
     */
    BackupHeader read(Consumer<KeyCopy> key, LongConsumer progress) {
        try {
            channel.position(0);
            MessageDigest digest = Sha256.start();
            DigestInputStream counted =
                    new DigestInputStream(new BufferedInputStream(Channels.newInputStream(channel), 1 << 16), digest);
            return new Pass(new DataInputStream(counted), counted).read(key, progress);
        } catch (EOFException e) {
            throw new BackupException(file + " is cut off or damaged: it ends too early. Use another backup.", e);
        } catch (IOException e) {
            throw new BackupException(
                    "cannot read " + file + " (" + e.getClass().getSimpleName().replace("Exception", "") + ": "
                            + e.getMessage() + ")",
                    e);
        }
    }

    private BackupException damaged(String why) {
        return new BackupException(file + " is cut off or damaged: " + why + ". Use another backup.");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new BackupException("cannot close " + file, e);
        }
    }

    /** One time from beginning to end. */
    private final class Pass {
        private final DataInputStream in;
        private final DigestInputStream digested;
        private long position;

        Pass(DataInputStream in, DigestInputStream digested) {
            this.in = in;
            this.digested = digested;
        }

        BackupHeader read(Consumer<KeyCopy> key, LongConsumer progress) throws IOException {
            BackupHeader header = header();
            long keys = 0;
            for (int size = size(); size != BackupWriter.END; size = size()) {
                byte[] name = bytes(size);
                long expiry = in.readLong();
                position += Long.BYTES;
                byte[] value = bytes(size());
                keys++;
                key.accept(new KeyCopy(name, value, expiry == BackupWriter.NEVER ? null : Long.valueOf(expiry)));
                progress.accept(position);
            }
            long expected = in.readLong();
            byte[] sum = digested.getMessageDigest().digest();
            digested.on(false);
            byte[] stored = new byte[Sha256.LENGTH];
            in.readFully(stored);
            if (!MessageDigest.isEqual(sum, stored)) {
                throw damaged("what is in it does not fit its checksum");
            }
            if (expected != keys) {
                throw damaged("it says that it holds " + expected + " keys, and holds " + keys);
            }
            if (in.read() >= 0) {
                throw damaged("something follows its end");
            }
            return header;
        }

        private BackupHeader header() throws IOException {
            if (!line().equals(BackupHeader.MAGIC)) {
                throw new BackupException(file + " is no backup that this version can read: it does not begin with \""
                        + BackupHeader.MAGIC + "\".");
            }
            List<String> lines = new ArrayList<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                lines.add(line);
                if (lines.size() > MOST_LINES) {
                    throw damaged("its header does not end");
                }
            }
            try {
                return BackupHeader.parse(lines);
            } catch (RuntimeException e) {
                throw damaged("its header cannot be read");
            }
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
                line.write(next);
                if (line.size() > LONGEST_LINE) {
                    throw new BackupException(file + " is no backup: its first lines are not text.");
                }
            }
            position += line.size() + 1;
            return line.toString(StandardCharsets.UTF_8);
        }

        private int size() throws IOException {
            int size = in.readInt();
            position += Integer.BYTES;
            // Before memory is set aside for it.
            if (size < BackupWriter.END || size > length - position) {
                throw damaged("it ends too early, or a length in it is wrong");
            }
            return size;
        }

        private byte[] bytes(int size) throws IOException {
            if (size < 0) {
                throw damaged("it ends in the middle of a key");
            }
            byte[] bytes = new byte[size];
            in.readFully(bytes);
            position += size;
            return bytes;
        }
    }
}
