package ai.tatbot.state.server.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** A thousand clients of an event stream and more, on one thread. */
public final class EventCrowd implements AutoCloseable {
    private static final byte[] CHANGE = "event: change\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRANSITION = "event: transition\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOST = "event: lost\n".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector;
    private final List<Client> clients = new ArrayList<>();
    private final ConcurrentHistogram ages = new ConcurrentHistogram(TimeUnit.MINUTES.toMillis(5), 3);
    private final String position;
    private final Thread thread;
    private volatile boolean closed;
    private final AtomicInteger round = new AtomicInteger();

    /**
     * Connects.
     *
     * @param port of the server, on loopback
     * @param position name of the document whose age counts
     */
    public EventCrowd(int port, int size, String position) {
        this.position = "data: {\"key\":\"" + position + "\"";
        try {
            this.selector = Selector.open();
            byte[] request = ("GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < size; i++) {
                SocketChannel channel =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channel.write(ByteBuffer.wrap(request));
                channel.configureBlocking(false);
                Client client = new Client(channel);
                clients.add(client);
                channel.register(selector, SelectionKey.OP_READ, client);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.thread = new Thread(this::run, "event-crowd");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try {
            while (!closed) {
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    Client client = (Client) key.attachment();
                    buffer.clear();
                    if (client.stalled) {
                        key.interestOps(0);
                    } else if (client.channel.read(buffer) < 0) {
                        client.over = true;
                        key.cancel();
                    } else {
                        client.read(buffer.flip());
                    }
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            clients.forEach(client -> client.over = true);
        }
    }

    /** From now on counts anew how old the position was that a client had when the next came; what it has now does not count. */
    public void measure() {
        ages.reset();
        round.incrementAndGet();
    }

    /** The first so many read no more. */
    public void stall(int count) {
        clients.subList(0, count).forEach(client -> client.stalled = true);
    }

    /** Ages in milliseconds since the last {@link #measure}; of those that read. */
    public Histogram ages() {
        return ages.copy();
    }

    /** The fewest transitions that any of the clients from this one on has been told. */
    public int fewestTransitions(int from) {
        return clients.stream()
                .skip(from)
                .mapToInt(client -> client.transitions)
                .min()
                .orElse(0);
    }

    /** How many clients from this one on have heard of a loss, or are cut off. */
    public long disturbed(int from) {
        return clients.stream()
                .skip(from)
                .filter(client -> client.over || client.lost)
                .count();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(1_000);
            for (Client client : clients) {
                client.channel.close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One of them. Lines are looked at, and only those that count are read. */
    private final class Client {
        private final SocketChannel channel;
        private final byte[] line = new byte[512];
        private int length;
        private boolean expectsChange;
        private long lastMillis;
        private int lastRound;
        private volatile int transitions;
        private volatile boolean lost;
        private volatile boolean stalled;
        private volatile boolean over;

        Client(SocketChannel channel) {
            this.channel = channel;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        void read(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                byte next = bytes.get();
                if (length < line.length) {
                    line[length++] = next;
                }
                if (next != '\n') {
                    continue;
                }
                if (is(CHANGE)) {
                    expectsChange = true;
                } else if (is(TRANSITION)) {
                    transitions++;
                } else if (is(LOST)) {
                    lost = true;
                } else if (expectsChange && line[0] == 'd') {
                    expectsChange = false;
                    change(new String(line, 0, length, StandardCharsets.UTF_8));
                }
                length = 0;
            }
        }

        private boolean is(byte[] text) {
            if (length != text.length) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (line[i] != text[i]) {
                    return false;
                }
            }
            return true;
        }

        private void change(String data) {
            int at = data.indexOf("\"updated_at\":\"");
            if (!data.startsWith(position) || at < 0) {
                return;
            }
            long now = System.currentTimeMillis();
            int current = round.get();
            if (current > 0 && lastRound == current) {
                ages.recordValue(Math.max(0, now - lastMillis));
            }
            lastRound = current;
            lastMillis = Instant.parse(data.substring(at + 14, data.indexOf('"', at + 14)))
                    .toEpochMilli();
        }
    }
}
