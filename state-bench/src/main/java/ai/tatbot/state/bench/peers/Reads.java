package ai.tatbot.state.bench.peers;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.Versioned;

/** What the client reads over the network. */
public final class Reads {
    private Reads() {}

    /** {@link StateManager#robotState}, which must be there. */
    public static Caller robot(StateManager state, String nodeId) {
        return () -> {
            Versioned<RobotState> unused = state.robotState(nodeId).orElseThrow();
        };
    }
}
