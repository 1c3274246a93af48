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
            long revision = writer.updateNodeHealth(NodeHealth.builder()
                    .nodeId(writer.nodeId())
                    .lastHeartbeat(WireTime.now())
                    .build());
            boolean seen =
                    audience.awaitRevision(revision, PATIENCE) >= 0 && audience.awaitTransition("online", PATIENCE);
            return seen
                    ? Result.ok("one was sent, and seen with the turn that the node is online")
                    : Result.fail("one was sent, and not seen within 2 s", "See the line on messages.");
        }
    }
}
