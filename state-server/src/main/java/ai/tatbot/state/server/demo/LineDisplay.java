package ai.tatbot.state.server.demo;

import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.server.show.Terminal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A plain line for each transition, and one now and then in between: for a log, or a terminal that cannot redraw. */
final class LineDisplay implements Display {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final Terminal terminal;
    private final DemoOok ook;
    private final Ticker ticker;
    private @Nullable ProgressUpdate shown;

    LineDisplay(Terminal terminal, DemoOok ook) {
        this.terminal = terminal;
        this.ook = ook;
        this.ticker = new Ticker("display", EVERY, this::show);
    }

    private void show() {
        ProgressUpdate now = ook.progress();
        if (now != null && !now.equals(shown) && ook.condition().equals(DemoOok.EXECUTING)) {
            shown = now;
            terminal.out().println(ProgressText.line(now));
        }
    }

    @Override
    public void news(String line) {
        terminal.out().println(line);
    }

    @Override
    public void report(DemoReport report) {
        terminal.out().println(report.text());
    }

    @Override
    public void close() {
        ticker.close();
    }
}
