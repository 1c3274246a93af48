package ai.tatbot.state.bench.offer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Watches for what an offer must never do, by Java's own flight recorder: sockets, locks, parking, sleeping. */
final class CallerEvents implements AutoCloseable {
    private static final List<String> FORBIDDEN = List.of(
            "jdk.SocketRead",
            "jdk.SocketWrite",
            "jdk.JavaMonitorEnter",
            "jdk.JavaMonitorWait",
            "jdk.ThreadPark",
            "jdk.ThreadSleep");

    private final Recording recording = new Recording();

    CallerEvents() {
        for (String event : FORBIDDEN) {
            recording.enable(event).withThreshold(Duration.ZERO).withStackTrace();
        }
        recording.start();
    }

    /** How many of each the recorder saw: those of the loop, and of all other threads, which prove that it sees. */
    Found stop() throws IOException {
        recording.stop();
        Path file = Files.createTempFile("tatbot-offer", ".jfr");
        try {
            recording.dump(file);
            Map<String, Long> caller = new TreeMap<>();
            Map<String, Long> others = new TreeMap<>();
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                boolean loop = event.getThread() != null
                        && ControlLoop.THREAD.equals(event.getThread().getJavaName());
                (loop ? caller : others).merge(event.getEventType().getName(), 1L, Long::sum);
            }
            return new Found(caller, others);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() {
        recording.close();
    }

    /**
     * Numbers of events by name.
     *
     * @param caller on the loop's thread, which spins and so has none of its own
     * @param others on all other threads
     */
    record Found(Map<String, Long> caller, Map<String, Long> others) {}
}
