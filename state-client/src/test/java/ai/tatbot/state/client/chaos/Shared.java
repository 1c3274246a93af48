package ai.tatbot.state.client.chaos;

import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import java.util.function.Consumer;

/** A robot that nodes of both kinds write, one after another: a number in its pose says which write it was. */
final class Shared {
    private static final String POSE = "n";

    private final Key<RobotState> key = Keys.robotState("shared");

    synchronized void write(Consumer<Key<RobotState>> writer) {
        writer.accept(key);
    }

    Key<RobotState> key() {
        return key;
    }

    static String pose(long number) {
        return POSE + number;
    }

    /** The number of the write that left this document; 0 if it has none. */
    static long number(Document document) {
        return document instanceof RobotState robot && robot.currentPose().matches(POSE + "[0-9]+")
                ? Long.parseLong(robot.currentPose().substring(POSE.length()))
                : 0;
    }
}
