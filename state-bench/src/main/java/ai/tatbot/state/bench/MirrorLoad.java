package ai.tatbot.state.bench;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.model.RobotState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of its own that moves {@value #ROBOTS} robots, so many updates a second in all. It is told on its standard input where
 * Redis is, and ends with that: with this process, too, however that ends.
 */
final class MirrorLoad implements AutoCloseable {
    static final int ROBOTS = 128;

    private static final int BEATS = 1_000;

    private final Process process;
    private final OutputStream orders;

    private MirrorLoad(Process process) {
        this.process = process;
        this.orders = process.getOutputStream();
    }

    static MirrorLoad start(StateOptions options, int updatesPerSecond) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MirrorLoad.class.getName()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        MirrorLoad load = new MirrorLoad(process);
        String orders = options.host() + "\n" + options.port() + "\n"
                + options.password().orElseThrow().reveal() + "\n" + updatesPerSecond + "\n";
        load.orders.write(orders.getBytes(StandardCharsets.UTF_8));
        load.orders.flush();
        return load;
    }

    static RobotState robot(int number, int beat) {
        return RobotState.builder()
                .nodeId(number == 0 ? "hog" : "robot-" + number)
                .isConnectedL(true)
                .isConnectedR(true)
                .jointsL(List.of(-0.44, 1.38, 1.19, -1.38, 0.0, 0.0, beat % 1_000 / 1e3))
                .jointsR(List.of(0.44, 1.38, 1.19, -1.38, 0.0, 0.0, beat % 1_000 / 1e3))
                .currentPose("executing")
                .goalTimeSlow(1.2)
                .goalTimeFast(0.08)
                .build();
    }

    /** The load itself. */
    public static void main(String[] none) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        StateOptions.Builder options = StateOptions.builder()
                .host(in.readLine())
                .port(Integer.parseInt(in.readLine()))
                .password(in.readLine())
                .nodeId("load");
        int perSecond = Integer.parseInt(in.readLine());
        Thread mover = new Thread(() -> move(options.build(), perSecond), "mover");
        mover.setDaemon(true);
        mover.start();
        // Nothing else is said: the end of the file comes with that of the other process.
        String rest = in.readLine();
        System.exit(rest == null ? 0 : 1);
    }

    /** One robot after the other, so that none is offered again before it was sent. */
    private static void move(StateOptions options, int perSecond) {
        try (StateManager state = StateManager.connect(options)) {
            StatePublisher publisher = state.publisher();
            long begin = System.nanoTime();
            long offered = 0;
            for (int beat = 1; ; beat++) {
                long due = (long) beat * perSecond / BEATS;
                for (; offered < due; offered++) {
                    publisher.offer(robot((int) (offered % ROBOTS), beat));
                }
                long left = begin + beat * TimeUnit.SECONDS.toNanos(1) / BEATS - System.nanoTime();
                if (left > 0) {
                    LockSupport.parkNanos(left);
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            orders.close();
        } catch (IOException e) {
            process.destroy();
        }
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
