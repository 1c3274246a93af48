package ai.tatbot.state.client.faultkit;

import ai.tatbot.state.model.CustomEvent;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import java.util.List;
import java.util.Map;

/** Documents and events with the real robot's figures. */
public final class Samples {
    private Samples() {}

    /** A robot in its ready pose, both arms connected. */
    public static RobotState.Builder robot(String nodeId) {
        return RobotState.builder()
                .nodeId(nodeId)
                .isConnectedL(true)
                .isConnectedR(true)
                .jointsL(List.of(-0.44, 1.38, 1.19, -1.38, 0.0, 0.0, 0.0))
                .jointsR(List.of(0.44, 1.38, 1.19, -1.38, 0.0, 0.0, 0.0))
                .currentPose("ready")
                .goalTimeSlow(1.2)
                .goalTimeFast(0.08);
    }

    /** A node that is well. */
    public static NodeHealth.Builder health(String nodeId) {
        return NodeHealth.builder()
                .nodeId(nodeId)
                .cpuPercent(12.5)
                .memoryPercent(40)
                .diskPercent(70);
    }

    /** The first position of a session. */
    public static StrokeProgress.Builder tattoo() {
        return StrokeProgress.builder()
                .totalStrokes(100)
                .strokeLength(108)
                .sceneName("tatbotlogo")
                .strokeDescriptionL("true_blue path 1")
                .strokeDescriptionR("bright_red path 1")
                .offsetIdxL(16)
                .offsetIdxR(16);
    }

    /** An event of an application. */
    public static CustomEvent greeting(String nodeId) {
        return CustomEvent.builder()
                .type("greeting")
                .nodeId(nodeId)
                .data(Map.of("text", "hello"))
                .build();
    }
}
