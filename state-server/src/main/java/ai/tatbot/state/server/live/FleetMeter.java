package ai.tatbot.state.server.live;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.WatchListener;

/** Told what the fleet's watch tells, and every problem; for figures. Called before anyone else: must be quick, and must not throw. */
public interface FleetMeter extends WatchListener {
    /** Measures nothing. */
    FleetMeter NONE = problem -> {};

    /** A problem. On any thread. */
    void onProblem(Problem problem);
}
