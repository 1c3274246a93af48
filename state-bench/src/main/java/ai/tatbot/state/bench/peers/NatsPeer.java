package ai.tatbot.state.bench.peers;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.KeyValue;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueWatchOption;
import io.nats.client.api.KeyValueWatcher;
import io.nats.client.api.StorageType;
import io.nats.client.impl.NatsKeyValueWatchSubscription;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** NATS JetStream KV with its storage in memory: a {@code nats-server} on loopback, and one connection to it. */
public final class NatsPeer implements AutoCloseable {
    private static final String BUCKET = "bench";

    private final Path folder;
    private final Process server;
    private final Connection connection;
    private final KeyValue values;
    private final JetStream stream;

    /**
     * Starts one.
     *
     * @throws IOException if there is no {@code nats-server} on the PATH
     */
    public NatsPeer() throws Exception {
        folder = Files.createTempDirectory(
                "bench-nats", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        byte[] random = new byte[16];
        new java.security.SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        Path config = folder.resolve("nats.conf");
        Files.writeString(config, """
                listen: "127.0.0.1:%d"
                authorization { token: "%s" }
                jetstream { store_dir: "%s" }
                """.formatted(port, token, folder.resolve("store")));
        server = new ProcessBuilder(Programs.find("nats-server"), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            connection = connect(port, token);
            connection
                    .keyValueManagement()
                    .create(KeyValueConfiguration.builder()
                            .name(BUCKET)
                            .storageType(StorageType.Memory)
                            .maxHistoryPerKey(1)
                            .build());
            values = connection.keyValue(BUCKET);
            stream = connection.jetStream();
        } catch (Exception e) {
            stop();
            throw e;
        }
    }

    private Connection connect(int port, String token) throws Exception {
        Options options = Options.builder()
                .server("nats://127.0.0.1:" + port)
                .token(token.toCharArray())
                .errorListener(new io.nats.client.ErrorListener() {})
                .build();
        for (int attempt = 1; ; attempt++) {
            try {
                return Nats.connect(options);
            } catch (IOException e) {
                if (attempt == 50 || !server.isAlive()) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /** {@code put}, answered. */
    public Caller put(String key, byte[] document) {
        return new Counted(key) {
            @Override
            void send() throws Exception {
                values.put(key, document);
            }
        };
    }

    /** {@code get}. */
    public Caller get(String key, byte[] document) throws Exception {
        values.put(key, document);
        return () -> values.get(key);
    }

    /** Many {@code put}s under way: what {@code put} sends, without waiting for each answer. */
    public Contestant putAsync(String name, String key, byte[] document) {
        String subject = "$KV." + BUCKET + "." + key;
        return new Pipelined(name, () -> ack(stream.publishAsync(subject, document)), () -> {});
    }

    private static CompletableFuture<Long> ack(CompletableFuture<io.nats.client.api.PublishAck> ack) {
        return ack.thenApply(io.nats.client.api.PublishAck::getSeqno);
    }

    /** Tells of every put of a key. */
    public NatsKeyValueWatchSubscription watch(String key, Consumer<byte[]> listener) throws Exception {
        return values.watch(
                key,
                new KeyValueWatcher() {
                    @Override
                    public void watch(KeyValueEntry entry) {
                        listener.accept(entry.getValue());
                    }

                    @Override
                    public void endOfData() {}
                },
                KeyValueWatchOption.UPDATES_ONLY);
    }

    @Override
    public void close() throws Exception {
        connection.close();
        stop();
    }

    private void stop() throws IOException, InterruptedException {
        server.destroy();
        if (!server.waitFor(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS)) {
            server.destroyForcibly();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** A put whose revisions are the bucket's: each one higher, and none lost. */
    private abstract class Counted implements Caller {
        private final String key;
        private long calls;

        Counted(String key) {
            this.key = key;
        }

        abstract void send() throws Exception;

        @Override
        public void call() throws Exception {
            send();
            calls++;
        }

        @Override
        public void close() throws Exception {
            if (calls > 0 && values.get(key) == null) {
                throw new IllegalStateException("NATS: " + key + " is not stored");
            }
        }
    }
}
