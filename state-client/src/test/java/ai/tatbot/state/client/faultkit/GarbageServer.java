package ai.tatbot.state.client.faultkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Listens on a free loopback port and talks nonsense to everyone who says something. Thread-safe. */
public final class GarbageServer implements AutoCloseable {
    private final ServerSocket listening;
    private final Function<byte[], byte[]> answer;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    private GarbageServer(Function<byte[], byte[]> answer) {
        this.answer = answer;
        try {
            this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** Answers everything with random bytes; the same ones for the same seed. */
    public static GarbageServer random(long seed) {
        Random random = new Random(seed);
        return new GarbageServer(asked -> {
            byte[] nonsense = new byte[64];
            synchronized (random) {
                random.nextBytes(nonsense);
            }
            return nonsense;
        });
    }

    /** Answers everything with these bytes. */
    public static GarbageServer saying(byte[] nonsense) {
        return new GarbageServer(asked -> nonsense.clone());
    }

    /** Says back what it hears. */
    public static GarbageServer echo() {
        return new GarbageServer(Function.identity());
    }

    /** Port that it listens on. */
    public int port() {
        return listening.getLocalPort();
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
                byte[] asked = new byte[length];
                System.arraycopy(buffer, 0, asked, 0, length);
                client.getOutputStream().write(answer.apply(asked));
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
