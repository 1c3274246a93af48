package ai.tatbot.state.server.languages;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.server.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
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

    /** Runs a node from before there were revisions, which has redis-py and nothing of this project. */
    void oldNode(String... command) {
        List<String> all = new ArrayList<>(List.of("/usr/bin/python3", "legacy_node.py"));
        all.addAll(List.of(command));
        ProcessBuilder node = new ProcessBuilder(all)
                .directory(Path.of("..", "state-client", "src", "test", "resources", "python")
                        .toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        Path.of("target", "agents.log").toFile()));
        node.environment().put("REDIS_HOST", "127.0.0.1");
        node.environment().put("REDIS_PORT", Integer.toString(redis.port()));
        node.environment().put("REDIS_PASSWORD", RedisServer.PASSWORD);
        await(node, 1);
    }

    /** The document that Redis has under a key. */
    ObjectNode stored(String key) {
        String field = Keys.parse(key).orElseThrow().kind().documentField().orElseThrow();
        try (Jedis jedis = redis.jedis()) {
            return (ObjectNode) Fields.JSON.readTree(jedis.hget(key, field));
        }
    }

    private static void await(ProcessBuilder builder, int minutes) {
        try {
            Process process = builder.start();
            if (!process.waitFor(minutes, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(builder.command() + " failed; target/agents.log says more");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void install(Path folder) {
        await(
                new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--silent")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                Path.of("target", "agents.log").toFile())),
                5);
    }

    @Override
    public void close() {
        server.close();
        redis.close();
    }
}
