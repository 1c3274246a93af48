package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.server.show.Bar;
import ai.tatbot.state.server.show.StatusJson;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.show.Table;
import ai.tatbot.state.server.show.Terminal;
import ai.tatbot.state.server.show.Text;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Shows the fleet. */
@CommandLine.Command(
        name = "status",
        header = "Show the nodes, the current session, and the Redis.",
        description = {
            "Finds nodes of older versions too. A node is online while its heartbeat, which lives for a minute, says that it"
                    + " can be reached; offline once it has left or missed three; silent if it has no heartbeat, and nobody"
                    + " said that it left."
        },
        footer = {
            "",
            "Examples:",
            "  tatbot-state status",
            "  tatbot-state status --redis redis://eek --password-file ~/.tatbot-redis",
            "  tatbot-state status --json",
        })
final class StatusCommand extends Command {
    private static final int BAR = 40;

    StatusCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        try (StateManager state = connect()) {
            SystemStatus status = status(state);
            if (json) {
                print(StatusJson.of(status));
            } else {
                show(status, state.options().address());
            }
            return ExitCode.DONE;
        }
    }

    /** Not everyone may look for what stands in no index; a server that runs enters it there. */
    private SystemStatus status(StateManager state) {
        try {
            return state.systemStatusOfAllNodes();
        } catch (StateException e) {
            if (e.reason() != Reason.DENIED) {
                throw e;
            }
            return state.systemStatus();
        }
    }

    private void show(SystemStatus status, String address) {
        Terminal terminal = terminal();
        print(terminal.styled(
                        status.redis().kind() + " " + Text.safe(status.redis().version(), 30), Style.BOLD) + " at "
                + address + ", " + status.nodesOnline() + " of "
                + Text.count(status.nodes().size(), "node") + " online");
        print("");
        if (!status.nodes().isEmpty()) {
            Table table = new Table("NODE", "HEALTH", "CPU", "MEMORY", "DISK", "HEARTBEAT", "MCP", "ROBOT", "ARMS");
            status.nodes().forEach(node -> row(table, node, status.at()));
            table.print(terminal);
            print("");
        }
        if (status.activeSessions().isEmpty()) {
            print("No session is executing.");
        }
        status.activeSessions().forEach(session -> session(session, status.at()));
        for (Problem problem : status.problems()) {
            print(terminal.styled("invalid: ", Style.RED) + Text.safe(problem.source(), 120) + ": "
                    + Text.safe(problem.message(), 200));
        }
    }

    private void row(Table table, SystemStatus.Node node, Instant now) {
        Versioned<NodeHealth> health = node.health();
        Versioned<RobotState> robot = node.robot();
        table.row(
                node.id(),
                condition(node, now),
                health == null ? "-" : percent(health.value().cpuPercent()),
                health == null ? "-" : percent(health.value().memoryPercent()),
                health == null ? "-" : percent(health.value().diskPercent()),
                health == null ? "-" : Text.span(health.age(now)) + " ago",
                health == null ? "-" : mcp(health.value()),
                robot == null ? "-" : Text.safe(robot.value().currentPose(), 24),
                robot == null ? "-" : arms(robot.value()));
    }

    private String condition(SystemStatus.Node node, Instant now) {
        Instant since = node.since();
        return switch (node.condition()) {
            case ONLINE -> terminal().styled("online", Style.GREEN);
            case UNREACHABLE -> terminal().styled("unreachable", Style.YELLOW);
            case SILENT -> terminal().styled("silent", Style.YELLOW);
            case OFFLINE ->
                terminal()
                        .styled(
                                since == null ? "offline" : "offline " + Text.span(Duration.between(since, now)),
                                Style.RED);
        };
    }

    private static String percent(double value) {
        return Math.round(value) + " %";
    }

    private static String mcp(NodeHealth health) {
        if (!health.mcpServerRunning()) {
            return "-";
        }
        return health.mcpPort() == null ? "up" : "port " + health.mcpPort();
    }

    private static String arms(RobotState robot) {
        if (robot.isConnectedL() && robot.isConnectedR()) {
            return "both connected";
        }
        return robot.isConnectedL() ? "left only" : robot.isConnectedR() ? "right only" : "not connected";
    }

    private void session(Versioned<StrokeProgress> session, Instant now) {
        StrokeProgress progress = session.value();
        print(terminal().styled(session.key().id(), Style.BOLD) + "  "
                + (progress.isPaused()
                        ? terminal().styled("paused", Style.YELLOW)
                        : terminal().styled("executing", Style.GREEN))
                + "  " + Text.safe(progress.sceneName(), 40) + " on " + progress.nodeId() + ", "
                + Text.span(session.age(now)) + " ago");
        bar("stroke", progress.strokeIdx(), progress.totalStrokes());
        bar("pose", progress.poseIdx(), progress.strokeLength());
        line("left", progress.strokeDescriptionL());
        line("right", progress.strokeDescriptionR());
    }

    private void bar(String label, int index, int total) {
        String count = (index + 1) + (total > 0 ? " of " + total : "");
        print(label(label)
                + Text.padded(count, 14)
                + (total > 0 ? Bar.of(terminal(), (index + 1.0) / total, BAR) : ""));
    }

    private void line(String label, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            print(label(label) + Text.safe(text, 80));
        }
    }

    private String label(String text) {
        return terminal().styled("  " + Text.padded(text, 8), Style.DIM);
    }
}
