package ai.tatbot.state.server.testkit;

import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.server.cli.CommandLineProgram;
import ai.tatbot.state.server.cli.Context;
import ai.tatbot.state.server.show.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a command line within this process. */
public final class Cli {
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private byte[] in = new byte[0];

    /** With an empty environment. */
    public static Cli bare() {
        return new Cli();
    }

    /** With an environment that names this Redis. */
    public static Cli with(RedisServer redis) {
        return new Cli()
                .environment("REDIS_HOST", "127.0.0.1")
                .environment("REDIS_PORT", Integer.toString(redis.port()))
                .environment("REDIS_PASSWORD", RedisServer.PASSWORD);
    }

    public Cli environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** What standard input will give. */
    public Cli input(String text) {
        in = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** Runs it to its end. */
    public Outcome run(String... arguments) {
        Terminal terminal = new Terminal(print(out), print(err), false, false, false);
        int exit = CommandLineProgram.run(new Context(environment, terminal, new ByteArrayInputStream(in)), arguments);
        return new Outcome(exit, out(), err());
    }

    /** What it has written so far. */
    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What it has complained of so far. */
    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /**
     * What became of it.
     *
     * @param exit exit code
     * @param out what it wrote to standard output
     * @param err what it wrote to standard error
     */
    public record Outcome(int exit, String out, String err) {
        /** Lines of standard output. */
        public List<String> lines() {
            return out.lines().toList();
        }
    }
}
