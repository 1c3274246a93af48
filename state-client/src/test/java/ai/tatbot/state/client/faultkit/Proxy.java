package ai.tatbot.state.client.faultkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on a free loopback port, in front of a Redis: it delays, holds back, loses and cuts what passes, and counts the
 * turns of the conversation. Thread-safe.
 */
public final class Proxy implements AutoCloseable {
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private final InetSocketAddress target;
    private final ServerSocket listening;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService delivery = Executors.newSingleThreadScheduledExecutor(body -> {
        Thread thread = new Thread(body, "proxy-delivery");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<Direction, AtomicLong> bytes = new EnumMap<>(Direction.class);
    private final Set<Direction> held = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger untilSwallowed = new AtomicInteger();
    private final AtomicInteger swallowed = new AtomicInteger();
    private final List<String> lostMessages = new CopyOnWriteArrayList<>();
    private volatile boolean swallowing;
    private volatile Duration delay = Duration.ZERO;
    private volatile @Nullable Link newest;

    private Proxy(InetSocketAddress target) {
        this.target = target;
        for (Direction direction : Direction.values()) {
            bytes.put(direction, new AtomicLong());
        }
        try {
            this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a proxy in front of a port of this machine. */
    public static Proxy to(int port) {
        Proxy proxy = new Proxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        daemon(proxy::accept, "proxy-accept");
        return proxy;
    }

    /** Port that it listens on. */
    public int port() {
        return listening.getLocalPort();
    }

    /** Delivers everything this much later, each way; as many bytes as come, so a long answer is not slower by its length. */
    public Proxy delay(Duration eachWay) {
        this.delay = eachWay;
        return this;
    }

    /**
     * Holds back what goes in this direction, of old and new connections, as a network does that is gone for a while: nothing
     * is closed, and what was sent arrives after {@link #release()}.
     */
    public void hold(Direction direction) {
        held.add(direction);
    }

    /** Holds back both directions. */
    public void hold() {
        held.addAll(Arrays.asList(Direction.values()));
    }

    /** From now on lets the newest connection have this many answers, and holds back those after them; may be told again. */
    public void answers(int most) {
        Link link = newest;
        if (link == null) {
            throw new IllegalStateException("nobody has connected yet");
        }
        link.allowed.set(most);
        link.flush();
    }

    /** Whether it holds something back that the newest connection has sent, and that has this text in it. */
    public boolean holdsBack(String text) {
        Link link = newest;
        return link != null && link.holdsBack(text);
    }

    /** Delivers what was held back, and whatever comes. */
    public void release() {
        held.clear();
        links.forEach(Link::flush);
    }

    /** Loses for ever, without closing them, what is sent on the connections there are; new ones work. */
    public void forget() {
        links.forEach(link -> link.forgotten = true);
    }

    /** Closes the connections there are. */
    public void cut() {
        links.forEach(Link::close);
    }

    /** Feeds random bytes to the connections there are, in this direction, as if they had come from the other side. */
    public void garbage(Direction direction) {
        for (Link link : links) {
            byte[] nonsense = new byte[64];
            ThreadLocalRandom.current().nextBytes(nonsense);
            // A line first, so that nobody waits for more.
            nonsense[0] = '!';
            nonsense[1] = '\r';
            nonsense[2] = '\n';
            link.send(direction, nonsense);
        }
    }

    /** Loses the nth message from now on that a subscriber would receive, counted from 1 over all subscribers. */
    public void swallow(int nth) {
        untilSwallowed.set(nth);
    }

    /** Loses every message from now on that a subscriber would receive, and nothing else: not the answers to its pings. */
    public void swallowAll() {
        swallowing = true;
    }

    /** How many messages it has lost. */
    public int swallowed() {
        return swallowed.get();
    }

    /** The messages that it has lost, as they were on the wire. */
    public List<String> lostMessages() {
        return List.copyOf(lostMessages);
    }

    /**
     * Number of round trips: how often a client asked something when nothing was unanswered. A PING is not counted, by which a
     * pool looks after connections that nobody uses. Set a delay, lest a client that is slow to ask looks like one that waits.
     */
    public int turns() {
        return turns.get();
    }

    /** How many connections it has accepted. */
    public int connections() {
        return accepted.get();
    }

    /** How many bytes came in this direction. */
    public long bytes(Direction direction) {
        return count(direction).get();
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
        delivery.shutdownNow();
    }

    private AtomicLong count(Direction direction) {
        AtomicLong count = bytes.get(direction);
        if (count == null) {
            throw new IllegalStateException("no count for " + direction);
        }
        return count;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                accepted.incrementAndGet();
                open(client);
            } catch (IOException e) {
                // Closed; or a client that went away before it was served.
                Thread.onSpinWait();
            }
        }
    }

    private void open(Socket client) throws IOException {
        Socket server = new Socket();
        try {
            server.connect(target, 2_000);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException e) {
            client.close();
            throw e;
        }
        Link link = new Link(client, server);
        links.add(link);
        newest = link;
        daemon(() -> link.pump(Direction.TO_SERVER), "proxy-to-server");
        daemon(() -> link.pump(Direction.TO_CLIENT), "proxy-to-client");
    }

    private void schedule(Runnable task) {
        try {
            var unused = delivery.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The proxy is closed, and so is every connection.
        }
    }

    private static void daemon(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Which way bytes go. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** One client's connection, and the one to Redis that stands behind it. */
    private final class Link {
        private final Socket client;
        private final Socket server;
        private final RespFrames requests = new RespFrames();
        private final RespFrames replies = new RespFrames();
        private final AtomicInteger unanswered = new AtomicInteger();
        private final Map<Direction, Queue<byte[]>> waiting = new EnumMap<>(Direction.class);
        private final AtomicInteger allowed = new AtomicInteger(UNLIMITED);
        private volatile boolean forgotten;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
            for (Direction direction : Direction.values()) {
                waiting.put(direction, new ArrayDeque<>());
            }
        }

        void pump(Direction direction) {
            byte[] buffer = new byte[64 * 1024];
            try {
                InputStream in = (direction == Direction.TO_SERVER ? client : server).getInputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    came(direction, Arrays.copyOf(buffer, length));
                }
            } catch (IOException e) {
                // One side went away; so does the other.
            } finally {
                // What is still on its way arrives first.
                schedule(this::close);
            }
        }

        private void came(Direction direction, byte[] chunk) {
            count(direction).addAndGet(chunk.length);
            if (direction == Direction.TO_SERVER) {
                asked(requests.add(chunk));
                later(direction, chunk, 0);
            } else {
                answered(replies.add(chunk));
            }
        }

        private void asked(List<byte[]> frames) {
            for (byte[] frame : frames) {
                if (unanswered.getAndIncrement() == 0 && !RespFrames.isPing(frame)) {
                    turns.incrementAndGet();
                }
            }
        }

        private void answered(List<byte[]> frames) {
            if (allowed.get() != UNLIMITED) {
                // One by one, so that they can be counted.
                frames.forEach(frame -> later(Direction.TO_CLIENT, frame, 1));
                return;
            }
            ByteArrayOutputStream passed = new ByteArrayOutputStream();
            for (byte[] frame : frames) {
                if (RespFrames.isMessage(frame) && isSwallowed()) {
                    lostMessages.add(new String(frame, StandardCharsets.UTF_8));
                    swallowed.incrementAndGet();
                } else {
                    passed.writeBytes(frame);
                }
            }
            later(Direction.TO_CLIENT, passed.toByteArray(), frames.size());
        }

        private boolean isSwallowed() {
            return swallowing || (untilSwallowed.get() > 0 && untilSwallowed.decrementAndGet() == 0);
        }

        /** @param answers how many requests the data answers */
        private void later(Direction direction, byte[] data, int answers) {
            schedule(() -> arrive(direction, data, answers));
        }

        private void arrive(Direction direction, byte[] data, int answers) {
            // Before the client can ask again. A message is an answer to nothing.
            unanswered.updateAndGet(before -> Math.max(0, before - answers));
            Queue<byte[]> queue = queue(direction);
            synchronized (queue) {
                queue.add(data);
            }
            flush(direction);
        }

        void flush() {
            flush(Direction.TO_SERVER);
            flush(Direction.TO_CLIENT);
        }

        private void flush(Direction direction) {
            Queue<byte[]> queue = queue(direction);
            synchronized (queue) {
                while (!held.contains(direction) && !queue.isEmpty() && isAllowed(direction)) {
                    byte[] data = queue.remove();
                    if (!forgotten) {
                        send(direction, data);
                    }
                }
            }
        }

        boolean holdsBack(String text) {
            Queue<byte[]> queue = queue(Direction.TO_SERVER);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            synchronized (queue) {
                queue.forEach(all::writeBytes);
            }
            return all.toString(StandardCharsets.ISO_8859_1).contains(text);
        }

        private boolean isAllowed(Direction direction) {
            return direction == Direction.TO_SERVER
                    || allowed.getAndUpdate(left -> left == UNLIMITED ? left : Math.max(0, left - 1)) > 0;
        }

        private void send(Direction direction, byte[] data) {
            try {
                (direction == Direction.TO_SERVER ? server : client)
                        .getOutputStream()
                        .write(data);
            } catch (IOException e) {
                close();
            }
        }

        private Queue<byte[]> queue(Direction direction) {
            Queue<byte[]> queue = waiting.get(direction);
            if (queue == null) {
                throw new IllegalStateException("no queue for " + direction);
            }
            return queue;
        }

        void close() {
            if (forgotten) {
                // A forgotten connection stays open to the eye of its client.
                closeQuietly(server);
                return;
            }
            links.remove(this);
            closeQuietly(client);
            closeQuietly(server);
        }

        private void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone all the same.
            }
        }
    }
}
