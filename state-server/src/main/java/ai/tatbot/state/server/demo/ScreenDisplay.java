package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.server.show.Bar;
import ai.tatbot.state.server.show.ConditionText;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.show.Terminal;
import ai.tatbot.state.server.show.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A few lines of a terminal, redrawn in place as demo-ook's view changes; what is worth keeping scrolls by above them. */
final class ScreenDisplay implements Display {
    private static final Duration FRAME = Duration.ofMillis(80);
    private static final int FRAMES_BETWEEN_SIZES = 25;
    private static final int LABEL = 12;
    private static final int WIDEST_BAR = 60;
    private static final int WIDE = 90;

    private final Terminal terminal;
    private final DemoOok ook;
    private final Ledger ledger;
    private final @Nullable Chaos chaos;
    private final Ticker ticker;
    private int columns;
    private int frame;
    private int linesShown;

    ScreenDisplay(Terminal terminal, DemoOok ook, Ledger ledger, @Nullable Chaos chaos) {
        this.terminal = terminal;
        this.ook = ook;
        this.ledger = ledger;
        this.chaos = chaos;
        this.columns = terminal.columns();
        this.ticker = new Ticker("display", FRAME, this::draw);
    }

    @Override
    public synchronized void news(String line) {
        // The picture itself shows it.
    }

    @Override
    public synchronized void report(DemoReport report) {
        draw();
        linesShown = 0;
        terminal.out().println();
        Style colour = report.isSound() ? Style.GREEN : Style.RED;
        terminal.out().println(terminal.styled(report.delivery(), colour));
        terminal.out().println(terminal.styled(report.latency(), Style.DIM));
        if (report.outages() > 0) {
            terminal.out().println(terminal.styled(report.staleness(), Style.DIM));
        }
        terminal.out().println();
    }

    private synchronized void draw() {
        frame++;
        if (frame % FRAMES_BETWEEN_SIZES == 0) {
            columns = terminal.columns();
        }
        List<String> lines = picture();
        StringBuilder out = new StringBuilder();
        if (linesShown > 0) {
            out.append("\u001b[").append(linesShown).append('A');
        }
        for (String line : lines) {
            out.append('\r').append(line).append("\u001b[K\n");
        }
        linesShown = lines.size();
        terminal.out().print(out);
        terminal.out().flush();
    }

    private List<String> picture() {
        List<String> lines = new ArrayList<>();
        StrokeProgress progress = ook.progress();
        if (progress == null) {
            lines.add(label("session") + "waiting for demo-hog");
        } else {
            int bar = Math.max(10, Math.min(WIDEST_BAR, columns - LABEL - 24));
            lines.add(label("session") + terminal.styled(ook.sessionId(), Style.BOLD) + "  " + condition());
            lines.add(label("stroke")
                    + bar(progress.strokeIdx(), progress.totalStrokes(), ProgressText.sessionFraction(progress), bar));
            lines.add(label("pose")
                    + bar(progress.poseIdx(), progress.strokeLength(), ProgressText.strokeFraction(progress), bar));
            lines.add(
                    label("left") + terminal.styled(cut(ProgressText.safe(progress.strokeDescriptionL())), Style.BLUE));
            lines.add(
                    label("right") + terminal.styled(cut(ProgressText.safe(progress.strokeDescriptionR())), Style.RED));
        }
        lines.add(label("robot") + robot(ook.robot()));
        if (progress != null) {
            Counts counts = ledger.counts();
            lines.add(label("events") + counts.events() + " received by demo-ook, "
                    + (counts.outOfOrder() == 0 ? "in order" : counts.outOfOrder() + " out of order")
                    + (counts.conflated() == 0 ? "" : ", " + counts.conflated() + " conflated"));
            lines.add(label("latency")
                    + Text.padded(Text.micros(counts.lastMicros()), 8)
                    + terminal.styled(
                            "median " + Text.micros(counts.p50Micros()) + "  p99 " + Text.micros(counts.p99Micros()),
                            Style.DIM));
        }
        if (chaos != null) {
            lines.add(label("plug") + chaos.text());
        }
        lines.add(label("view") + view());
        return lines;
    }

    private String label(String text) {
        return terminal.styled(Text.padded(text, LABEL), Style.DIM);
    }

    private String bar(int index, @Nullable Integer total, double fraction, int width) {
        String count = Text.padded(ProgressText.of(index, total), 12);
        return count
                + Bar.of(terminal, fraction, width)
                + String.format(Locale.ROOT, " %3d %%", Math.round(100 * Math.min(1, fraction)));
    }

    private String condition() {
        String condition = ook.condition();
        return terminal.styled(condition, condition.equals("paused") ? Style.YELLOW : Style.GREEN);
    }

    private String robot(@Nullable RobotState robot) {
        if (robot == null) {
            return "-";
        }
        String arms = robot.isConnectedL() && robot.isConnectedR() ? "both arms connected" : "arms not connected";
        StringBuilder joints = new StringBuilder();
        if (robot.jointsL() != null) {
            joints.append("  left arm at");
            robot.jointsL().stream()
                    .limit(columns < WIDE ? 3 : 4)
                    .forEach(joint -> joints.append(String.format(Locale.ROOT, " %6.3f", joint)));
        }
        return cut(Text.padded(Text.safe(robot.currentPose(), 20), 12) + arms + joints);
    }

    private String view() {
        WatchStatus status = ook.status();
        return terminal.styled(
                cut(ConditionText.of(status, Instant.now())), status.isLive() ? Style.GREEN : Style.YELLOW);
    }

    private String cut(String text) {
        int room = Math.max(10, columns - LABEL - 1);
        return text.length() <= room ? text : text.substring(0, room);
    }

    @Override
    public void close() {
        ticker.close();
    }
}
