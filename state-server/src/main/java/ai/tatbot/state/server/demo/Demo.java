package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.server.show.Terminal;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The demo: demo-hog plays sessions, demo-ook follows them, each over connections of its own.
 *
 * <p>One thread runs it, any may {@link #stop()} it.
 */
public final class Demo {
    /** How long the last events may be on their way. */
    private static final Duration SETTLE = Duration.ofSeconds(2);

    private final StateOptions hogOptions;
    private final StateOptions ookOptions;
    private final DemoPlan plan;
    private final boolean once;
    private final Pace pace;

    /**
     * A demo, not yet running.
     *
     * @param hogOptions how the robot reaches Redis
     * @param ookOptions how the viewer does
     * @param strokes strokes of a session, at least 1
     * @param poses poses of a stroke, at least 1
     * @param rate poses a second
     * @param once whether it ends after one session
     */
    public Demo(
            StateOptions.Builder hogOptions,
            StateOptions.Builder ookOptions,
            int strokes,
            int poses,
            double rate,
            boolean once) {
        this.hogOptions = hogOptions.nodeId(DemoHog.NODE).build();
        this.ookOptions = ookOptions.nodeId(DemoOok.NODE).build();
        this.plan = new DemoPlan(strokes, poses, rate);
        this.once = once;
        this.pace = new Pace(rate);
    }

    /**
     * Plays, until a session has ended or it is stopped.
     *
     * @param terminal where to show it; null to show nothing
     * @param reports told how each session went
     * @return whether everything that was written arrived, in order
     */
    public boolean run(@Nullable Terminal terminal, Consumer<DemoReport> reports) throws InterruptedException {
        Ledger ledger = new Ledger();
        Displays displays = new Displays();
        boolean sound = true;
        try (StateManager ookState = StateManager.connect(ookOptions);
                StateManager hogState = StateManager.connect(hogOptions)) {
            SystemStatus.RedisServer redis = hogState.systemStatus().redis();
            DemoOok ook = new DemoOok(ookState, ledger, line -> displays.shown.news(line));
            DemoHog hog = new DemoHog(hogState, plan, pace, ledger);
            DemoHeartbeats heartbeats = new DemoHeartbeats(hogState, ookState);
            try (Display display = display(terminal, ook, ledger)) {
                displays.shown = display;
                do {
                    ledger.reset();
                    String before = hog.currentSession();
                    try {
                        hog.play();
                    } catch (Pace.StoppedException e) {
                        if (hog.currentSession().equals(before)) {
                            return sound;
                        }
                    }
                    ledger.awaitSettled(SETTLE);
                    DemoReport report = new DemoReport(redis, hog.currentSession(), ledger.counts());
                    sound &= report.isSound();
                    display.report(report);
                    reports.accept(report);
                } while (!once && !pace.isStopped());
            } finally {
                heartbeats.close();
            }
        }
        return sound;
    }

    /** Ends it: the session, if one runs, as interrupted. Returns at once. */
    public void stop() {
        pace.stop();
    }

    private static Display display(@Nullable Terminal terminal, DemoOok ook, Ledger ledger) {
        if (terminal == null) {
            return Display.none();
        }
        return terminal.interactive() ? new ScreenDisplay(terminal, ook, ledger) : new LineDisplay(terminal, ook);
    }

    /** Ook listens before there is a display: what it says until then is of no interest. */
    private static final class Displays {
        volatile Display shown = Display.none();
    }
}
