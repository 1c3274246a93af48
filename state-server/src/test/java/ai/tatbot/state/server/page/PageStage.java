package ai.tatbot.state.server.page;

import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.TokenStore;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.http.StateServer;
import ai.tatbot.state.server.testkit.Program;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * What a page is shown against: a real Redis, the packaged server, a robot; and a stage hand, reached by HTTP from the browser's side, who
 * breaks and mends them when told.
 */
final class PageStage implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final RedisServer redis = RedisServer.start();
    private final int port = freePort();
    private final HttpServer hand;
    private final ExecutorService handThread = Executors.newSingleThreadExecutor();
    private final Map<String, Runnable> tricks = new LinkedHashMap<>();
    private final StateServer locked;
    private final String token;
    private Program server;
    private @Nullable Program demo;
    private @Nullable BusyFleet fleet;

    PageStage(Path folder) throws IOException {
        this.hand = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hand.setExecutor(handThread);
        hand.createContext("/", this::answer);
        hand.start();
        this.server = startServer();
        Path tokens = folder.resolve("tokens");
        this.token = new TokenStore(tokens).add("viewer", Set.of(Scope.READ), null);
        this.locked = StateServer.start(
                redis.options().nodeId("eek"),
                ServerOptions.builder().port(0).tokens(tokens).build());
        tricks.put("/redis/kill", redis::kill);
        tricks.put("/redis/start", redis::restart);
        tricks.put("/server/kill", () -> server.signal("KILL"));
        tricks.put("/server/start", () -> server = startServer());
        tricks.put("/server/freeze", () -> server.signal("STOP"));
        tricks.put("/server/thaw", () -> server.signal("CONT"));
        tricks.put("/demo", this::startDemo);
        tricks.put("/fleet/start", () -> fleet = new BusyFleet(redis, "tatbotlogo", 50));
        tricks.put("/fleet/busy", () -> fleet = new BusyFleet(redis, "tatbotlogo", 1_000));
        tricks.put("/fleet/markup", () -> fleet = new BusyFleet(redis, "<img src=x onerror=alert(1)>", 50));
        tricks.put("/fleet/stop", this::stopFleet);
        awaitServer();
    }

    /** What the browser's side has to know. */
    Map<String, String> environment() {
        return Map.of(
                "PAGE_URL", url(),
                "PAGE_LOCKED_URL", locked.url(),
                "PAGE_TOKEN", token,
                "PAGE_STAGE", "http://127.0.0.1:" + hand.getAddress().getPort(),
                "PAGE_SCREENSHOTS",
                        Path.of("target", "screenshots").toAbsolutePath().toString());
    }

    private String url() {
        return "http://127.0.0.1:" + port;
    }

    private Program startServer() {
        return Program.start(
                Map.of("REDIS_PASSWORD", RedisServer.PASSWORD),
                "serve",
                "--port",
                Integer.toString(port),
                "--embed-origin",
                "http://127.0.0.1:" + hand.getAddress().getPort(),
                "--redis",
                "redis://127.0.0.1:" + redis.port());
    }

    private void startDemo() {
        demo = Program.start(
                Map.of("REDIS_PASSWORD", RedisServer.PASSWORD),
                "demo",
                "--once",
                "--strokes",
                "2",
                "--poses",
                "90",
                "--redis",
                "redis://127.0.0.1:" + redis.port());
    }

    private void stopFleet() {
        if (fleet != null) {
            fleet.close();
            fleet = null;
        }
    }

    private void awaitServer() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(this::isThere);
    }

    private boolean isThere() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/healthz"))
                    .timeout(Duration.ofSeconds(1))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = "";
        int status = 200;
        Runnable trick = tricks.get(path);
        if (trick != null) {
            trick.run();
            if (path.equals("/server/start")) {
                awaitServer();
            }
        } else if (path.equals("/fleet/offered")) {
            body = Long.toString(fleet == null ? 0 : fleet.offered());
        } else if (path.equals("/frame")) {
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            body = "<!doctype html><title>ook</title><iframe title='progress' width='640' height='480' src='" + url()
                    + "/embed/progress'></iframe>";
        } else {
            status = 404;
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        hand.stop(0);
        handThread.shutdownNow();
        stopFleet();
        if (demo != null) {
            demo.close();
        }
        server.close();
        locked.close();
        redis.close();
    }
}
