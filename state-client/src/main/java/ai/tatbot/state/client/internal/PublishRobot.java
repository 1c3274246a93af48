package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;

import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StateJson;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A robot's state. That an arm connects or disconnects is found by comparing each state with the one sent before it; what is
 * stored when the first one is sent must be read.
 */
final class PublishRobot extends PublishKey<RobotState> {
    private static final Logger LOG = LoggerFactory.getLogger(PublishRobot.class);
    private static final List<byte[]> DOCUMENT =
            List.of(bytes(Keys.ROBOT_STATE.documentField().orElseThrow()));

    private final Key<RobotState> key;

    /** For all threads. */
    private volatile @Nullable RobotState last;

    private boolean known;
    private boolean left;
    private boolean right;

    PublishRobot(String nodeId) {
        this.key = Keys.robotState(nodeId);
    }

    @Override
    Key<? extends Document> key() {
        return key;
    }

    /** Whether an arm is connected that was not in the state offered before, or the other way round. For all threads. */
    boolean turns(RobotState state) {
        RobotState previous = last;
        last = state;
        return previous != null
                && (previous.isConnectedL() != state.isConnectedL() || previous.isConnectedR() != state.isConnectedR());
    }

    @Override
    DocumentWrite<?> write(RobotState state) {
        DocumentWrite<RobotState> write = RobotWriter.write(key, left, right, state);
        left = state.isConnectedL();
        right = state.isConnectedR();
        return write;
    }

    @Override
    List<byte[]> wanted(int connection) {
        return known ? List.of() : DOCUMENT;
    }

    @Override
    void learn(int connection, List<byte @Nullable []> fields) {
        known = true;
        left = false;
        right = false;
        byte[] stored = fields.get(0);
        if (stored != null) {
            try {
                RobotState before = StateJson.read(stored, RobotState.JSON);
                left = before.isConnectedL();
                right = before.isConnectedR();
            } catch (InvalidValueException e) {
                LOG.warn("what {} holds does not fit its schema and is replaced: {}", key, e.getMessage());
            }
        }
    }

    @Override
    void unlearn() {
        known = false;
    }

    @Override
    void dropped(DocumentWrite<?> write) {
        known &= !write.tellsTransition();
    }
}
