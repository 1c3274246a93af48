package ai.tatbot.state.server.live;

import ai.tatbot.state.client.SystemStatus.Condition;
import ai.tatbot.state.client.SystemStatus.Node;
import ai.tatbot.state.client.SystemStatus.RedisServer;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.server.live.Alert.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what someone should look at. For one status. */
final class Alerts {
    private static final double FULL_PERCENT = 95;
    private static final double MEMORY_SHARE = 0.8;

    private final List<Alert> found = new ArrayList<>();

    /** The link to Redis, which all the rest depends on. */
    void link(WatchStatus link, String address, Instant now) {
        if (!link.isLive()) {
            String reason = link.reason();
            add(
                    "redis_unavailable",
                    Severity.ERROR,
                    "redis",
                    "Redis at " + address + ": " + link.text(now) + (reason == null ? "" : "; " + reason));
        }
    }

    /** What its data take of what they may. */
    void memory(@Nullable RedisServer redis) {
        if (redis == null || redis.usedMemory() == null || redis.maxMemory() == null) {
            return;
        }
        double share = (double) redis.usedMemory() / redis.maxMemory();
        if (share >= MEMORY_SHARE) {
            add(
                    "redis_memory",
                    Severity.WARNING,
                    "redis",
                    "Redis uses " + Math.round(share * 100) + " % of its memory limit; writes fail when it is full");
        }
    }

    /** A node that is not there, or about to fail. */
    void node(Node node, boolean executes) {
        if (node.condition() == Condition.OFFLINE || node.condition() == Condition.UNREACHABLE) {
            add(
                    executes ? "robot_" + text(node.condition()) : "node_" + text(node.condition()),
                    executes ? Severity.ERROR : Severity.WARNING,
                    node.id(),
                    node.id() + " is " + text(node.condition()) + (executes ? " while its session is executing" : ""));
        }
        Versioned<NodeHealth> health = node.health();
        if (health != null) {
            full(node.id(), "memory", health.value().memoryPercent());
            full(node.id(), "disk", health.value().diskPercent());
        }
        Versioned<RobotState> robot = node.robot();
        if (executes
                && robot != null
                && !(robot.value().isConnectedL() && robot.value().isConnectedR())) {
            String arms = robot.value().isConnectedL()
                    ? "the right arm is"
                    : robot.value().isConnectedR() ? "the left arm is" : "both arms are";
            add(
                    "arm_disconnected",
                    Severity.ERROR,
                    node.id(),
                    arms + " not connected on " + node.id() + " while its session is executing");
        }
    }

    private void full(String node, String what, double percent) {
        if (percent >= FULL_PERCENT) {
            add(
                    what + "_full",
                    Severity.WARNING,
                    node,
                    what + " of " + node + " is " + Math.round(percent) + " % full");
        }
    }

    /** More than one session at a time, which one robot cannot execute. */
    void sessions(List<Versioned<StrokeProgress>> active) {
        if (active.size() > 1) {
            add(
                    "many_sessions",
                    Severity.WARNING,
                    "sessions",
                    active.size() + " sessions are executing at once; the one written last is shown");
        }
    }

    private void add(String code, Severity severity, String subject, String message) {
        found.add(new Alert(code, severity, subject, message));
    }

    static String text(Condition condition) {
        return condition.name().toLowerCase(Locale.ROOT);
    }

    /** All of them, the worst first. */
    List<Alert> worstFirst() {
        return found.stream()
                .sorted((one, other) -> other.severity().compareTo(one.severity()))
                .toList();
    }
}
