package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.server.show.ConditionText;
import ai.tatbot.state.server.show.Terminal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A plain line for each transition, and one now and then in between: for a log, or a terminal that cannot redraw. */
final class LineDisplay implements Display {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final Terminal terminal;
    private final DemoOok ook;
    private final Ticker ticker;
    private @Nullable StrokeProgress shown;

    LineDisplay(Terminal terminal, DemoOok ook) {
        this.terminal = terminal;
        this.ook = ook;
        this.ticker = new Ticker("display", EVERY, this::show);
    }

    private void show() {
        WatchStatus status = ook.status();
        if (!status.isLive() && status.asOf() != null) {
            terminal.out().println(ConditionText.of(status, Instant.now()));
        }
        StrokeProgress now = ook.progress();
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
