package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.model.ArmConnected;
import ai.tatbot.state.model.ArmConnectedArm;
import ai.tatbot.state.model.ArmDisconnected;
import ai.tatbot.state.model.ArmDisconnectedArm;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StateUpdate;
import ai.tatbot.state.model.Versioned;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stores robot states, and tells when an arm connects or disconnects.
 *
 * <p>That is a transition, so what was stored before must be known: the first write of a process reads it, later ones know it.
 */
public final class RobotWriter {
    private final DocumentReader reader;
    private final DocumentWriter writer;
    private final Map<Key<RobotState>, Arms> before = new ConcurrentHashMap<>();

    public RobotWriter(DocumentReader reader, DocumentWriter writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /** Stores and publishes; returns the new revision. */
    public long write(RobotState state) {
        Key<RobotState> key = Keys.robotState(state.nodeId());
        Arms old = before.computeIfAbsent(key, this::stored);
        Arms now = new Arms(state.isConnectedL(), state.isConnectedR());
        DocumentWrite<RobotState> write = new DocumentWrite<>(key, state)
                .event(Channels.ROBOT_EVENTS, StateUpdate.builder().from(state).build());
        if (old.left != now.left) {
            turn(write, state, now.left, true);
        }
        if (old.right != now.right) {
            turn(write, state, now.right, false);
        }
        long revision = writer.write(write).revision();
        before.put(key, now);
        return revision;
    }

    private Arms stored(Key<RobotState> key) {
        try {
            return reader.read(key)
                    .map(Versioned::value)
                    .map(state -> new Arms(state.isConnectedL(), state.isConnectedR()))
                    .orElse(Arms.NONE);
        } catch (StateException e) {
            if (e.reason() == Reason.INVALID || e.reason() == Reason.DENIED) {
                // Nothing to compare with; the write itself says what is wrong, or mends it.
                return Arms.NONE;
            }
            throw e;
        }
    }

    private static void turn(DocumentWrite<RobotState> write, RobotState state, boolean connected, boolean left) {
        if (connected) {
            write.event(
                    Channels.ROBOT_EVENTS,
                    ArmConnected.builder()
                            .nodeId(state.nodeId())
                            .arm(left ? ArmConnectedArm.L : ArmConnectedArm.R)
                            .timestamp(state.timestamp())
                            .build());
        } else {
            write.event(
                    Channels.ROBOT_EVENTS,
                    ArmDisconnected.builder()
                            .nodeId(state.nodeId())
                            .arm(left ? ArmDisconnectedArm.L : ArmDisconnectedArm.R)
                            .timestamp(state.timestamp())
                            .build());
        }
    }

    private record Arms(boolean left, boolean right) {
        static final Arms NONE = new Arms(false, false);
    }
}
