package ai.tatbot.state.server.languages;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.server.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A Redis, a state server, and a client in each language: TypeScript through the server, the others by themselves. */
final class Fleet implements AutoCloseable {
    private static final Path SCHEMA = Path.of("..", "schema").toAbsolutePath().normalize();

    private final RedisServer redis = RedisServer.start();
    private final Path tokens;
    private final Program server;
    private final String token;

    Fleet(Path folder) {
        tokens = folder.resolve("tokens");
        try (Program made =
                Program.start(Map.of(), "token", "new", "languages", "--scope", "admin", "--file", tokens.toString())) {
            made.await(60);
            token = made.out().stream()
                    .filter(line -> line.startsWith("tat_"))
                    .findFirst()
                    .orElseThrow();
        }
        server = Program.serve(
                Map.of("REDIS_URL", redis.url(), "STATE_NODE_ID", "eek"),
                "--tokens",
                tokens.toString(),
                "--allow-set-state");
    }

    RedisServer redis() {
        return redis;
    }

    Java java() {
        return new Java(StateManager.connect(redis.options().nodeId("java").build()));
    }

    Language python() {
        return python(redis.url(), "python", null);
    }

    /** @param broken what it is to do wrong; null for nothing */
    static Language python(String url, String node, @Nullable String broken) {
        ObjectNode connect = Fields.JSON.createObjectNode();
        connect.putObject("env").put("REDIS_URL", url).put("STATE_NODE_ID", node);
        if (broken != null) {
            connect.put("broken", broken);
        }
        return Agent.start(
                "Python",
                SCHEMA.resolve("python"),
                List.of("env", "PYTHONPATH=target/package", "/usr/bin/python3", "agent.py"),
                connect);
    }

    Language typescript() {
        return typescript(null);
    }

    /** @param broken what it is to do wrong; null for nothing */
    Language typescript(@Nullable String broken) {
        Path folder = SCHEMA.resolve("typescript");
        if (!Files.exists(folder.resolve("node_modules"))) {
            install(folder);
        }
        ObjectNode connect = Fields.JSON.createObjectNode();
        connect.put("url", server.url()).put("token", token);
        if (broken != null) {
            connect.put("broken", broken);
        }
        return Agent.start("TypeScript", folder, List.of("node", "agent.mjs"), connect);
    }

    List<Language> all() {
        return List.of(java(), python(), typescript());
    }

    private static void install(Path folder) {
        try {
            Process npm = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--silent")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            Path.of("target", "agents.log").toFile()))
                    .start();
            if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                throw new IllegalStateException("npm ci failed in " + folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        redis.close();
    }
}
