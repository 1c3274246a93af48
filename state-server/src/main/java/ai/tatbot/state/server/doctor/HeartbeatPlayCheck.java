package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;

/** Whether a heartbeat is stored, and seen by who watches this node. */
final class HeartbeatPlayCheck extends Check {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    HeartbeatPlayCheck() {
        super(Part.REHEARSAL, "heartbeat");
    }

    @Override
    Result examine(Examination examination) throws InterruptedException {
        Rehearsal rehearsal = examination.rehearsal();
        rehearsal.goOn();
        StateManager writer = rehearsal.writer();
        try (StateMirror mirror = rehearsal.viewer().mirror(WatchScope.of(Keys.nodeHealth(writer.nodeId())))) {
            Audience audience = new Audience();
            mirror.watch().listen(audience);
            mirror.awaitLive(PATIENCE);
            boolean seen = isTold(writer, audience) && audience.awaitTransition("online", PATIENCE);
            return seen
                    ? Result.ok("one was sent, and seen with the turn that the node is online")
                    : Result.fail("two were sent, and neither's message came within 2 s", "See the line on messages.");
        }
    }

    /** One may be found by a watch that reads again just before its message comes; two in a row are not. */
    private static boolean isTold(StateManager writer, Audience audience) throws InterruptedException {
        boolean told = false;
        for (int tries = 0; tries < 2 && !told; tries++) {
            long revision = writer.updateNodeHealth(NodeHealth.builder()
                    .nodeId(writer.nodeId())
                    .lastHeartbeat(WireTime.now())
                    .build());
            told = audience.awaitPublished(revision, PATIENCE);
        }
        return told;
    }
}
