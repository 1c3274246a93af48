package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.PublishedSession;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether what a control loop offers is stored, the latest of it at least, and its session ended. */
final class PublisherPlayCheck extends Check {
    private static final int OFFERS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String ADVICE =
            "See the lines above; if they are well, report this with the output of --json.";

    PublisherPlayCheck() {
        super(Part.REHEARSAL, "publisher");
    }

    @Override
    Result examine(Examination examination) {
        Rehearsal rehearsal = examination.rehearsal();
        rehearsal.goOn();
        StateManager writer = rehearsal.writer();
        StatePublisher publisher = writer.publisher();
        PublishedSession session = publisher.startStrokeSession(OFFERS, 1, "doctor");
        RobotState robot = RobotState.builder().nodeId(writer.nodeId()).build();
        for (int i = 0; i < OFFERS; i++) {
            session.offer(i, 0);
            robot = RobotState.builder()
                    .nodeId(writer.nodeId())
                    .currentPose("doctor")
                    .jointsL(List.of(i / 1_000.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
                    .build();
            publisher.offer(robot);
        }
        session.end();
        if (!publisher.flush(PATIENCE)) {
            String error = publisher.stats().lastError();
            return Result.fail(
                    "not everything was stored within " + Words.span(PATIENCE)
                            + (error == null ? "" : ": " + Words.safe(error)),
                    ADVICE);
        }
        Optional<StrokeProgress> progress =
                rehearsal.viewer().strokeProgress(session.id()).map(Versioned::value);
        if (progress.isEmpty()
                || progress.get().strokeIdx() != OFFERS - 1
                || progress.get().isExecuting()) {
            return Result.fail("the session's last position is not what is stored", ADVICE);
        }
        Optional<RobotState> stored =
                rehearsal.viewer().robotState(writer.nodeId()).map(Versioned::value);
        if (stored.isEmpty() || !stored.get().equals(robot)) {
            return Result.fail("the robot's last state is not what is stored", ADVICE);
        }
        long conflated = publisher.stats().conflated();
        return Result.ok("of " + 2 * OFFERS + " positions offered the latest are stored, " + conflated
                        + " gave way to later ones; the session ended")
                .with("offered", 2 * OFFERS)
                .with("conflated", conflated);
    }
}
