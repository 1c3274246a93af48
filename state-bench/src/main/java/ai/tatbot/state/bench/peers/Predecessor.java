package ai.tatbot.state.bench.peers;

import ai.tatbot.state.bench.BenchRedis;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The Python predecessor's update, four round trips, in a process of its own: {@code predecessor.py}, with the system's Python and
 * Debian's {@code python3-redis}.
 */
public final class Predecessor implements Contestant {
    private static final String PYTHON = "/usr/bin/python3";

    private final Process process;
    private final BufferedWriter orders;
    private final BufferedReader answers;

    /** @throws IOException if there is no Python, or no redis-py for it */
    public Predecessor(BenchRedis redis) throws IOException {
        if (!Files.isExecutable(Path.of(PYTHON))) {
            throw new FileNotFoundException("there is no " + PYTHON);
        }
        process = new ProcessBuilder(PYTHON, "-c", program())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        orders = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
        if (!"ready".equals(ask(redis.port() + "\n" + redis.password()))) {
            process.destroyForcibly();
            throw new IOException(PYTHON + " has no redis (Debian: python3-redis), or could not connect");
        }
    }

    private static String program() throws IOException {
        try (InputStream in = Objects.requireNonNull(Predecessor.class.getResourceAsStream("predecessor.py"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String ask(String order) throws IOException {
        try {
            orders.write(order);
            orders.newLine();
            orders.flush();
            return Objects.requireNonNullElse(answers.readLine(), "");
        } catch (IOException e) {
            // It has ended; its answer would have said no more.
            return "";
        }
    }

    @Override
    public String name() {
        return "Python predecessor, four round trips";
    }

    @Override
    public Sample run(Duration slot) throws IOException {
        String[] answer = ask(String.valueOf(slot.toMillis())).split(" ", -1);
        if (answer.length != 4) {
            throw new IOException("the Python predecessor has ended");
        }
        return new Sample(
                Long.parseLong(answer[0]),
                Double.parseDouble(answer[1]),
                Double.parseDouble(answer[2]),
                Double.parseDouble(answer[3]),
                Double.NaN);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        orders.close();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
