package ai.tatbot.state.bench.serving;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One client on one connection that is kept: as little as HTTP needs, so that what is measured is the server. One thread. */
final class HttpCaller implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String host;
    private @Nullable String session;
    private int id;

    HttpCaller(String url) throws IOException {
        URI address = URI.create(url);
        this.host = address.getAuthority();
        this.socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.out = socket.getOutputStream();
    }

    /** Opens an MCP session. */
    void initialize() throws IOException {
        post("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                + "\"capabilities\":{},\"clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}}}");
        post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    }

    /** Calls a tool; fails unless it succeeds. */
    void call(String tool, String arguments) throws IOException {
        String answer = post("{\"jsonrpc\":\"2.0\",\"id\":" + ++id
                + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}}");
        if (!answer.contains("\"structuredContent\"") || answer.contains("\"isError\":true")) {
            throw new IOException(
                    "the tool " + tool + " failed: " + answer.substring(0, Math.min(500, answer.length())));
        }
    }

    /** The plainest request there is. */
    void get(String path) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        read();
    }

    private String post(String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        send("POST /mcp HTTP/1.1\r\nHost: " + host
                + "\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
                + (session == null ? "" : "Mcp-Session-Id: " + session + "\r\nMCP-Protocol-Version: 2025-11-25\r\n")
                + "Content-Length: " + bytes.length + "\r\n\r\n" + body);
        return read();
    }

    private void send(String request) throws IOException {
        out.write(request.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private String read() throws IOException {
        String status = line();
        if (!status.startsWith("HTTP/1.1 2")) {
            throw new IOException("the server answered: " + status);
        }
        int length = 0;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            } else if (name.startsWith("transfer-encoding:")) {
                chunked = true;
            } else if (name.startsWith("mcp-session-id:")) {
                session = header.substring(15).strip();
            }
        }
        if (!chunked) {
            return body(length);
        }
        StringBuilder text = new StringBuilder();
        for (int size = chunk(); size > 0; size = chunk()) {
            text.append(body(size));
            line();
        }
        line();
        return text.toString();
    }

    private int chunk() throws IOException {
        return Integer.parseInt(line().strip(), 16);
    }

    private String body(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the server has cut the connection");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server has cut the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
