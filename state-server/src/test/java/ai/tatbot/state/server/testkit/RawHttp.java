package ai.tatbot.state.server.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One connection to a server, on which anything can be sent: also what no HTTP client would. */
public final class RawHttp implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;

    /** A stream has no end; what it has to say at once it says within this time. */
    private static final int STREAM_MILLIS = 250;

    private final Socket socket;
    private final InputStream in;
    private boolean headersOnly;

    private RawHttp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects to this port on 127.0.0.1; each read waits for 15 s at most. */
    public static RawHttp connect(int port) {
        return connect(InetAddress.getLoopbackAddress(), port);
    }

    public static RawHttp connect(InetAddress address, int port) {
        try {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
            return over(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Speaks over this connection, which may be encrypted. */
    public static RawHttp over(Socket socket) {
        try {
            socket.setSoTimeout(15_000);
            socket.setTcpNoDelay(true);
            return new RawHttp(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One request on a connection of its own. */
    public static Answer exchange(int port, String request) {
        try (RawHttp http = connect(port)) {
            http.send(request);
            return http.answer();
        }
    }

    /** Sends text, byte for byte (ISO 8859-1). */
    public RawHttp send(String text) {
        headersOnly = text.startsWith("HEAD ");
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawHttp send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends text if the server still takes it; returns whether it did. */
    public boolean trySend(String text) {
        try {
            send(text);
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Says that there is no more to come, unless the server has closed the connection. */
    public void tryFinish() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // Then there is nobody left to be told.
            assert socket.isConnected() : e;
        }
    }

    /** The next answer, whole. */
    public Answer answer() {
        return tryAnswer().orElseThrow(() -> new AssertionError("the server closed the connection without an answer"));
    }

    /** The next answer, whole; each read waits for so long. */
    public Answer answerWithin(int seconds) {
        try {
            socket.setSoTimeout(seconds * 1_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer();
    }

    /** Waits, as a slow client does; not for something to happen. */
    public static void pause(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }

    /** The next answer; empty if the server ends the connection before it is complete. */
    public Optional<Answer> tryAnswer() {
        return tryAnswer(headersOnly);
    }

    /**
     * The next answer; empty if the server ends the connection before it is complete. Of a stream of events, what comes at once.
     *
     * @param toHead whether it answers a HEAD request, and so has no body
     */
    public Optional<Answer> tryAnswer(boolean toHead) {
        try {
            String first = line();
            if (first == null) {
                return Optional.empty();
            }
            List<String> headers = new ArrayList<>();
            for (String line = line(); line != null && !line.isEmpty(); line = line()) {
                headers.add(line);
            }
            Answer head = new Answer(first, headers, "");
            if (head.status() / 100 == 1) {
                return tryAnswer(toHead);
            }
            return Optional.of(new Answer(first, headers, toHead ? "" : body(head)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether the server has closed the connection; waits for it. */
    public boolean isClosedByServer() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private String body(Answer head) throws IOException {
        if (head.status() == 204 || head.status() == 304) {
            return "";
        }
        Optional<String> length = head.header("Content-Length");
        if (length.isPresent()) {
            return new String(in.readNBytes(Integer.parseInt(length.get())), StandardCharsets.UTF_8);
        }
        if (head.header("Transfer-Encoding").isEmpty()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean stream = head.isStream();
        if (stream) {
            socket.setSoTimeout(STREAM_MILLIS);
        }
        try {
            readChunks(body);
        } catch (SocketTimeoutException | EOFException e) {
            // A stream may also be ended for another that its client has opened since.
            if (!stream) {
                throw e;
            }
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private void readChunks(ByteArrayOutputStream body) throws IOException {
        int bytes;
        do {
            String size = line();
            if (size == null) {
                throw new EOFException("in the middle of a body");
            }
            bytes = Integer.parseInt(size.strip(), 16);
            body.write(in.readNBytes(bytes));
            line();
        } while (bytes > 0);
    }

    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int c = in.read();
            if (c < 0) {
                return line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
            }
            if (c == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(c);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the server answered.
     *
     * @param statusLine such as {@code HTTP/1.1 200 OK}
     * @param headers one line each
     * @param body without its framing
     */
    public record Answer(String statusLine, List<String> headers, String body) {
        /** The status; 0 if there is none that makes sense. */
        public int status() {
            String[] parts = statusLine.split(" ", 3);
            return parts.length >= 2 && parts[0].matches("HTTP/1\\.[01]") && parts[1].matches("[1-5][0-9][0-9]")
                    ? Integer.parseInt(parts[1])
                    : 0;
        }

        public Optional<String> header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst();
        }

        /** Whether it is a stream of events, which has no end of its own. */
        public boolean isStream() {
            return header("Content-Type").orElse("").startsWith("text/event-stream");
        }

        /** All of it, as it came. */
        public String text() {
            return statusLine + "\n" + String.join("\n", headers) + "\n\n" + body;
        }
    }
}
