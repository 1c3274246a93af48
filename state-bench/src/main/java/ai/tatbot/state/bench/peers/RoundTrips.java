package ai.tatbot.state.bench.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A path to Redis that counts round trips: how often a client begins to speak after it has been answered. However many commands it
 * sends at once, and into however many pieces the network cuts them, that is one.
 */
public final class RoundTrips implements AutoCloseable {
    private static final int CALLS = 8;
    private static final int IDLE_MILLIS = 5;

    private final int target;
    private final ServerSocket listening;
    private final AtomicInteger count = new AtomicInteger();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    /** @param target port of Redis, on loopback */
    public RoundTrips(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Where to connect. */
    public int port() {
        return listening.getLocalPort();
    }

    /**
     * The fewest round trips that a call took, of some: a client that is held up in the middle looks as if it waited.
     */
    public int least(Caller caller) throws Exception {
        int least = Integer.MAX_VALUE;
        // The first one brings the scripts, and a connection.
        for (int i = 0; i < CALLS; i++) {
            int before = count.get();
            caller.call();
            least = Math.min(least, count.get() - before);
        }
        return least;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            Socket server = new Socket();
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(server);
            // A client that sends on without waiting is one turn, however long that takes: it is passed on as a whole.
            client.setSoTimeout(IDLE_MILLIS);
            start(() -> gather(client.getInputStream(), server.getOutputStream()));
            start(() -> copy(server.getInputStream(), client.getOutputStream()));
        }
    }

    private void gather(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[1 << 16];
        ByteArrayOutputStream turn = new ByteArrayOutputStream();
        while (true) {
            try {
                int length = from.read(buffer);
                if (length < 0) {
                    return;
                }
                turn.write(buffer, 0, length);
            } catch (SocketTimeoutException e) {
                if (turn.size() > 0) {
                    count.incrementAndGet();
                    turn.writeTo(to);
                    turn.reset();
                }
            }
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            to.write(buffer, 0, length);
        }
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // One of the two ends is closed, and so is this.
                    }
                },
                "round trips");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private interface Work {
        void run() throws IOException;
    }
}
