package ai.tatbot.state.bench;

import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A stroke session of ordinary size, and where Redis has its document. */
public final class Example {
    /** Strokes of the example session. */
    public static final int STROKES = 100;
    /** Poses of each stroke. */
    public static final int POSES = 108;

    private Example() {}

    /** Its first position. */
    public static StrokeProgress.Builder session() {
        return StrokeProgress.builder()
                .totalStrokes(STROKES)
                .strokeLength(POSES)
                .sceneName("tatbotlogo")
                .strokeDescriptionL("left arm, liner, black: path 17 of the outline")
                .strokeDescriptionR("right arm: dipping into the ink cap")
                .offsetIdxL(16)
                .offsetIdxR(16);
    }

    /** Key of its document. */
    public static byte[] key(StrokeSession session) {
        return bytes(Keys.strokeProgress(session.id()).name());
    }

    /** Field that holds the document. */
    public static byte[] field() {
        return bytes(Keys.STROKE_PROGRESS.documentField().orElseThrow());
    }

    /**
     * A robot with both arms connected, as it is executing.
     *
     * @param beat changes the joints
     */
    public static RobotState robot(String nodeId, long beat) {
        double last = beat % 1_000 / 1e3;
        return RobotState.builder()
                .nodeId(nodeId)
                .isConnectedL(true)
                .isConnectedR(true)
                .jointsL(List.of(-0.44, 1.38, 1.19, -1.38, 0.0, 0.0, last))
                .jointsR(List.of(0.44, 1.38, 1.19, -1.38, 0.0, 0.0, last))
                .currentPose("executing")
                .goalTimeSlow(1.2)
                .goalTimeFast(0.08)
                .build();
    }

    /** UTF-8. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
