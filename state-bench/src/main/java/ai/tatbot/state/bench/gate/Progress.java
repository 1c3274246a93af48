package ai.tatbot.state.bench.gate;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** How far a run has come, and how long it will take: one line that changes on a terminal, one every tenth in a log. */
final class Progress {
    private final PrintWriter out;
    private final int steps;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final long start;
    private int done;

    Progress(PrintWriter out, int steps, boolean terminal, LongSupplier nanoTime) {
        this.out = out;
        this.steps = steps;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /** Whether standard error is a terminal; where that cannot be told, it is not. */
    static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }

    void step() {
        done++;
        if (terminal || done * 10 / steps != (done - 1) * 10 / steps) {
            long seconds = Math.round((nanoTime.getAsLong() - start) / 1e9 / done * (steps - done));
            String line = "gate: " + done * 100 / steps + " %, " + seconds + " s to go";
            if (terminal) {
                // Blanks cover what is left of a longer line.
                out.print("\r" + line + "   ");
            } else {
                out.println(line);
            }
            out.flush();
        }
    }

    void done() {
        if (terminal) {
            out.print("\r" + " ".repeat(40) + "\r");
            out.flush();
        }
    }
}
