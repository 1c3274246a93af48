package ai.tatbot.state.client.faultkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Listens on a free loopback port and talks nonsense to everyone who says something. Thread-safe. */
public final class GarbageServer implements AutoCloseable {
    private final ServerSocket listening;
    private final Function<byte[], byte[]> answer;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    private final AtomicInteger questions = new AtomicInteger();

    private GarbageServer(int port, Function<byte[], byte[]> answer) {
        this.answer = answer;
        try {
            this.listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** Answers everything with random bytes; the same ones for the same seed. */
    public static GarbageServer random(long seed) {
        Random random = new Random(seed);
        return new GarbageServer(0, asked -> {
            byte[] nonsense = new byte[64];
            synchronized (random) {
                random.nextBytes(nonsense);
            }
            return nonsense;
        });
    }

    /** Answers everything with these bytes. */
    public static GarbageServer saying(byte[] nonsense) {
        return new GarbageServer(0, asked -> nonsense.clone());
    }

    /** The same, at a port that something else had. */
    public static GarbageServer sayingAt(int port, byte[] nonsense) {
        return new GarbageServer(port, asked -> nonsense.clone());
    }

    /** Says back what it hears. */
    public static GarbageServer echo() {
        return new GarbageServer(0, Function.identity());
    }

    /** Port that it listens on. */
    public int port() {
        return listening.getLocalPort();
    }

    /** How often it was asked something. */
    public int asked() {
        return questions.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                clients.add(client);
                daemon(() -> talk(client));
            } catch (IOException e) {
                // Closed; or a client that went away before it was served.
                Thread.onSpinWait();
            }
        }
    }

    private void talk(Socket client) {
        byte[] buffer = new byte[8 * 1024];
        try (client) {
            for (int length = client.getInputStream().read(buffer);
                    length >= 0;
                    length = client.getInputStream().read(buffer)) {
                questions.incrementAndGet();
                client.getOutputStream().write(answer.apply(Arrays.copyOf(buffer, length)));
            }
        } catch (IOException e) {
            // The client has had enough.
        } finally {
            clients.remove(client);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket client : clients) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable body) {
        Thread thread = new Thread(body, "garbage");
        thread.setDaemon(true);
        thread.start();
    }
}
