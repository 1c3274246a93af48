package ai.tatbot.state.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An event that carries a document gives it back as it was stored; one that says less gives none. */
class DocumentEventTest {
    @Test
    void progress() {
        StrokeProgress stored = StrokeProgress.builder()
                .nodeId("hog")
                .strokeIdx(5)
                .poseIdx(25)
                .totalStrokes(100)
                .strokeLength(108)
                .strokeDescriptionL("left over right")
                .strokeDescriptionR("ink dip")
                .offsetIdxL(16)
                .offsetIdxR(3)
                .isExecuting(true)
                .isPaused(true)
                .sceneName("tatbotlogo")
                .datasetName("monday")
                .build();
        ProgressUpdate event =
                ProgressUpdate.builder().from(stored).sessionId("s").build();
        assertThat(event.document()).contains(stored);
        StrokeProgress withoutDataset = stored.toBuilder().datasetName(null).build();
        assertThat(event.toBuilder().datasetName(null).build().document()).contains(withoutDataset);
        assertThat(event.toBuilder().isPaused(null).build().document()).isEmpty();
    }

    @Test
    void robot() {
        RobotState stored = RobotState.builder()
                .nodeId("hog")
                .isConnectedL(true)
                .jointsL(List.of(-0.44, 1.38))
                .velocitiesR(List.of(0.1))
                .currentPose("executing")
                .goalTimeSlow(1.2)
                .goalTimeFast(0.08)
                .build();
        StateUpdate event = StateUpdate.builder().from(stored).build();
        assertThat(event.document()).contains(stored);
        assertThat(event.toBuilder().goalTimeSlow(null).build().document()).isEmpty();
    }

    @Test
    void health() {
        NodeHealth stored = NodeHealth.builder()
                .nodeId("hog")
                .cpuPercent(12.5)
                .mcpPort(8765)
                .softwareVersion("2026.11.2")
                .build();
        assertThat(HealthUpdate.builder().from(stored).build().document()).contains(stored);
    }

    @Test
    void anOlderNodeSaysTooLittle() {
        byte[] json = """
                {"type":"progress_update","session_id":"stroke_hog_1","node_id":"hog","stroke_idx":1,"pose_idx":2,
                "total_strokes":3,"stroke_length":4,"description_l":"","description_r":"",
                "timestamp":"2025-08-18T20:09:37.123456"}
                """.getBytes(StandardCharsets.UTF_8);
        assertThat(Channels.STROKE_PROGRESS.read(json).document()).isEmpty();
    }
}
