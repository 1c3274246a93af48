package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.BenchRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/**
 * {@code redis-benchmark} with a command of ours: what Redis can do, when whoever asks does nothing else. It takes its password
 * as an argument, which others can see: hence a user of its own, for this run, that may only do what it is to measure.
 */
public final class Ceiling implements Contestant {
    private static final String USER = "ceiling";
    private static final int AT_FIRST = 10_000;

    private final String program;
    private final Session session;
    private final RedisCommand command;
    private final int port;
    private final String password;
    private final Connection admin;
    private int requests = AT_FIRST;

    /** @throws IOException if there is no {@code redis-benchmark} on the PATH */
    public Ceiling(BenchRedis redis, Session session, RedisCommand command) throws IOException {
        this.program = Programs.find("redis-benchmark");
        this.session = session;
        this.command = command;
        this.port = redis.port();
        byte[] random = new byte[16];
        new java.security.SecureRandom().nextBytes(random);
        this.password = HexFormat.of().formatHex(random);
        this.admin = redis.connection();
        admin.sendCommand(
                Command.ACL,
                "SETUSER",
                USER,
                "reset",
                "on",
                ">" + password,
                "~*",
                "&*",
                "+@all",
                "-@dangerous",
                "-@admin");
        admin.getStatusCodeReply();
    }

    @Override
    public String name() {
        return "redis-benchmark -c 8 -P 16, same command";
    }

    @Override
    public Sample run(Duration slot) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                program,
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(port),
                "--user",
                USER,
                "-a",
                password,
                "-c",
                "8",
                "-P",
                "16",
                "-n",
                String.valueOf(requests),
                "--csv"));
        for (byte[] word : command.words()) {
            line.add(new String(word, StandardCharsets.UTF_8));
        }
        long before = session.revision();
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("redis-benchmark failed: " + output);
        }
        long stored = session.revision() - before;
        // With all its connections busy it may send a few more than it was told to; it counts those that it was.
        if (stored < requests || stored > requests + 2L * Pipelined.IN_FLIGHT) {
            throw new IllegalStateException("redis-benchmark: " + requests + " sent, " + stored + " stored: " + output);
        }
        session.count(stored);
        double perSecond = perSecond(output);
        Sample sample = Sample.counted(requests, (long) (requests / perSecond * 1e9));
        requests = (int) Math.max(AT_FIRST, perSecond * slot.toMillis() / 1e3);
        return sample;
    }

    /** The seventh column from the end of the last line; the first is the command, with whatever is in it. */
    static double perSecond(String output) throws IOException {
        String[] lines = output.strip().split("\n", -1);
        String[] cells = lines[lines.length - 1].split("\",\"", -1);
        if (cells.length < 8) {
            throw new IOException("redis-benchmark printed no figures: " + output);
        }
        try {
            return Double.parseDouble(cells[cells.length - 7]);
        } catch (NumberFormatException e) {
            throw new IOException("redis-benchmark printed no figures: " + output, e);
        }
    }

    @Override
    public void close() {
        admin.sendCommand(Command.ACL, "DELUSER", USER);
        Object unused = admin.getOne();
        admin.close();
        session.close();
    }
}
