package ai.tatbot.state.server.docs;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.Samples;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Draws one session after the other, so that whoever looks sees something happen. */
final class DrawingRobot implements AutoCloseable {
    private static final int POSES = 108;
    private static final Duration PERIOD = Duration.ofMillis(50);

    private final StateManager state;
    private final Thread thread = new Thread(this::draw, "robot");
    private volatile boolean on = true;

    /** @param state of the robot's node */
    DrawingRobot(StateManager state) {
        this.state = state;
        thread.start();
    }

    private void draw() {
        @Nullable StrokeSession session = null;
        for (int pose = 0; on; pose++) {
            try {
                if (session == null) {
                    session = state.startStrokeSession(100, POSES, "tatbotlogo");
                }
                session.update(pose / POSES % 100, pose % POSES);
                state.updateRobotState(Samples.robot("hog").build());
            } catch (StateException e) {
                // A page may show how a session is taken over, or ended. Then there is another.
                session = null;
            }
            LockSupport.parkNanos(PERIOD.toNanos());
        }
    }

    @Override
    public void close() {
        on = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
