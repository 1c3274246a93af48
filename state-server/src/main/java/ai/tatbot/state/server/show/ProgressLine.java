package ai.tatbot.state.server.show;

import java.util.concurrent.TimeUnit;

/**
 * A line on the terminal that says how far a long piece of work is, and goes away with its end; nothing where lines cannot be
 * redrawn. Not thread-safe.
 */
public final class ProgressLine implements AutoCloseable {
    private static final int WIDTH = 40;
    private static final long REDRAWN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String CLEAR = "\r\u001b[K";

    private final Terminal terminal;
    private final String what;
    private final boolean visible;
    private long drawn;
    private boolean isDrawn;

    /**
     * A line, not yet drawn.
     *
     * @param what what is being done
     * @param wanted whether it may be drawn at all
     */
    public ProgressLine(Terminal terminal, String what, boolean wanted) {
        this.terminal = terminal;
        this.what = what;
        this.visible = wanted && terminal.interactive();
    }

    /** So far; drawn ten times a second at most. */
    public void at(long done, long total) {
        long now = System.nanoTime();
        if (!visible || total <= 0 || (isDrawn && now - drawn < REDRAWN_NANOS)) {
            return;
        }
        isDrawn = true;
        drawn = now;
        double fraction = Math.min(1, (double) done / total);
        terminal.out()
                .print(CLEAR + Text.padded(what, 10) + " " + Bar.of(terminal, fraction, WIDTH) + " "
                        + Math.round(100 * fraction) + " %");
        terminal.out().flush();
    }

    /** Takes it away. */
    @Override
    public void close() {
        if (isDrawn) {
            terminal.out().print(CLEAR);
            terminal.out().flush();
        }
    }
}
