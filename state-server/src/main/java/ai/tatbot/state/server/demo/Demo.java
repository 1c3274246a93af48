package ai.tatbot.state.server.demo;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.server.redis.PrivateRedis;
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
    /** How long the last events may be on their way; after an outage, both sides must have noticed that it is over. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    /** The same when someone waits for the end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final StateOptions hogOptions;
    private final StateOptions ookOptions;
    private final DemoPlan plan;
    private final boolean once;
    private final Pace pace;
    private @Nullable PrivateRedis chaosRedis;
    private long seed;

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
     * Pulls the plug of this Redis every few seconds while it plays. To be called before {@link #run}.
     *
     * @param redis started with data
     * @param seed what goes wrong when; the same for the same seed
     */
    public void pullPlugOf(PrivateRedis redis, long seed) {
        this.chaosRedis = redis;
        this.seed = seed;
    }

    /**
     * Plays, until a session has ended or it is stopped.
     *
     * @param terminal where to show it; null to show nothing
     * @param reports told how each session went
     * @return whether everything that was written arrived, or was made up for by something later, in order
     */
    public boolean run(@Nullable Terminal terminal, Consumer<DemoReport> reports) throws InterruptedException {
        Displays displays = new Displays();
        try (StateManager ookState = StateManager.connect(ookOptions);
                StateManager hogState = StateManager.connect(hogOptions);
                Chaos chaos =
                        chaosRedis == null ? null : new Chaos(chaosRedis, seed, line -> displays.shown.news(line))) {
            SystemStatus.RedisServer redis = hogState.systemStatus().redis();
            Ledger ledger = new Ledger();
            Outages outages = new Outages();
            StatePublisher publisher = hogState.publisher();
            DemoHog hog = new DemoHog(publisher, plan, pace, ledger);
            DemoHeartbeats heartbeats = new DemoHeartbeats(hogState, ookState);
            try (DemoOok ook = new DemoOok(ookState, ledger, outages, line -> displays.shown.news(line));
                    Display display = display(terminal, ook, ledger, chaos)) {
                displays.shown = display;
                ook.awaitLive(SETTLE);
                boolean sound = true;
                do {
                    ledger.reset();
                    outages.reset();
                    if (!played(hog, chaos)) {
                        return sound;
                    }
                    Duration settle = pace.isStopped() ? LAST_WORDS : SETTLE;
                    publisher.flush(settle);
                    ledger.awaitSettled(settle);
                    ook.status();
                    DemoReport report = new DemoReport(
                            redis, hog.currentSession(), ledger.counts(), outages.count(), outages.longest());
                    sound &= report.isSound();
                    display.report(report);
                    reports.accept(report);
                } while (!once && !pace.isStopped());
                return sound;
            } finally {
                heartbeats.close();
            }
        }
    }

    /** Plays a session; false if it was stopped before that had begun. Redis is there afterwards. */
    private static boolean played(DemoHog hog, @Nullable Chaos chaos) throws InterruptedException {
        String before = hog.currentSession();
        if (chaos != null) {
            chaos.begin();
        }
        try {
            hog.play();
            return true;
        } catch (Pace.StoppedException e) {
            return !hog.currentSession().equals(before);
        } finally {
            if (chaos != null) {
                chaos.calm();
            }
        }
    }

    /** Ends it: the session, if one runs, as interrupted. Returns at once. */
    public void stop() {
        pace.stop();
    }

    private static Display display(@Nullable Terminal terminal, DemoOok ook, Ledger ledger, @Nullable Chaos chaos) {
        if (terminal == null) {
            return Display.none();
        }
        return terminal.interactive()
                ? new ScreenDisplay(terminal, ook, ledger, chaos)
                : new LineDisplay(terminal, ook);
    }

    /** Ook listens before there is a display: what it says until then is of no interest. */
    private static final class Displays {
        volatile Display shown = Display.none();
    }
}
