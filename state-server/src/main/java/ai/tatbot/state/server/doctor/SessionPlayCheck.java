package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Plays a session from start to end, and looks whether what was written is what is stored. */
final class SessionPlayCheck extends Check {
    private static final int STROKES = 100;
    private static final int POSES = 108;
    private static final int UPDATES = 200;

    /** A slow network must not make it long. */
    private static final Duration LONGEST = Duration.ofSeconds(4);

    private static final Duration AT_FULL_SPEED = Duration.ofSeconds(1);

    /** How long what was written may take to be seen. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    SessionPlayCheck() {
        super(Part.REHEARSAL, "session");
    }

    @Override
    Result examine(Examination examination) throws InterruptedException {
        Rehearsal rehearsal = examination.rehearsal();
        rehearsal.goOn();
        StateManager writer = rehearsal.writer();
        // The events of all sessions have channels of fixed names: no pattern has to be allowed.
        StateMirror mirror = rehearsal.viewer().mirror(WatchScope.of(Keys.STROKE_PROGRESS));
        Audience audience = new Audience();
        mirror.watch().listen(audience);
        if (!mirror.awaitLive(examination.patience().plus(PATIENCE))) {
            return Result.fail(
                    "a mirror of the scratch namespace does not become live: "
                            + Words.safe(String.valueOf(mirror.status().reason())),
                    "This user needs to subscribe to channels and read documents there.");
        }
        StrokeSession session = writer.startStrokeSession(STROKES, POSES, "doctor");
        long first = session.revision();
        long writes = 1;
        List<Long> deliveries = new ArrayList<>();
        int late = 0;
        long end = System.nanoTime() + LONGEST.toNanos();
        for (int i = 0; i < UPDATES && System.nanoTime() - end < 0; i++) {
            long begin = System.nanoTime();
            long revision = session.update(i / POSES, i % POSES);
            writes++;
            long arrived = audience.awaitRevision(revision, PATIENCE);
            if (arrived < 0) {
                late++;
            } else {
                deliveries.add(arrived - begin);
            }
        }
        session.pause();
        session.resume();
        writes += 2;
        String lateJoiner = lateJoiner(rehearsal, session);
        rehearsal.goOn();
        long begin = System.nanoTime();
        int fast = 0;
        while (System.nanoTime() - begin < AT_FULL_SPEED.toNanos()) {
            session.update(STROKES - 1, fast++ % POSES);
        }
        double perSecond = fast * 1e9 / (System.nanoTime() - begin);
        session.end();
        writes += fast + 1L;
        audience.awaitTransition("session_end", PATIENCE);
        audience.awaitRevision(session.revision(), PATIENCE);
        rehearsal.play(new Play(session, first, writes, audience, mirror, deliveries, late, perSecond, lateJoiner));
        return judge(rehearsal, session, first, writes);
    }

    private static Result judge(Rehearsal rehearsal, StrokeSession session, long first, long writes) {
        Versioned<StrokeProgress> stored =
                rehearsal.viewer().strokeProgress(session.id()).orElse(null);
        String advice = "Something else writes under " + rehearsal.namespace()
                + ":*, or this Redis loses what it has acknowledged. Report it with the output of --json.";
        if (stored == null) {
            return Result.fail("what was written is not stored", advice);
        }
        if (!stored.value().equals(session.progress())) {
            return Result.fail("what is stored is not what was written last", advice);
        }
        long expected = first + writes - 1;
        if (stored.rev() == null || stored.rev() != expected) {
            return Result.fail(
                    "after " + writes + " writes the revision is " + stored.rev() + " in place of " + expected, advice);
        }
        return Result.ok("started, moved " + (writes - 4) + " times, paused, resumed and ended: every write stored, no"
                        + " revision left out")
                .with("writes", writes);
    }

    /** Somebody who comes in the middle must see the session as it stands. */
    private static String lateJoiner(Rehearsal rehearsal, StrokeSession session) throws InterruptedException {
        try (StateMirror late = rehearsal.viewer().mirror(WatchScope.of(Keys.STROKE_PROGRESS))) {
            if (!late.awaitLive(PATIENCE.multipliedBy(2))) {
                return "was not live within 2 s";
            }
            return late.currentSession()
                    .map(seen ->
                            seen.value().equals(session.progress()) ? "" : "saw another position than the current one")
                    .orElse("saw no session");
        }
    }
}
