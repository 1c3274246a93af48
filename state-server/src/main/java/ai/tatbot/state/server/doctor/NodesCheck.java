package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.client.SystemStatus.Condition;
import ai.tatbot.state.model.Keys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the nodes that the fleet knows are there. */
final class NodesCheck extends Check {
    NodesCheck() {
        super(Part.FLEET, "nodes");
    }

    @Override
    Result examine(Examination examination) {
        SystemStatus status = examination.fleet().status();
        // These may well be there; they have a line of their own.
        Set<String> unreadable = status.problems().stream().map(Problem::source).collect(Collectors.toSet());
        List<String> online = new ArrayList<>();
        List<String> away = new ArrayList<>();
        Instant now = examination.redisTime();
        for (SystemStatus.Node node : status.nodes()) {
            if (node.condition() == Condition.ONLINE) {
                online.add(node.id());
            } else if (!unreadable.contains(Keys.nodeHealth(node.id()).name())) {
                away.add(node.id() + " " + words(node, now));
            }
        }
        Result result;
        if (!away.isEmpty()) {
            result = Result.warn(
                    Words.some(away, 5) + (online.isEmpty() ? "" : "; online: " + Words.some(online, 5)),
                    "Look at that machine and at its program. What is gone for good is forgotten a day after its last sign of life.");
        } else if (online.isEmpty()) {
            result = Result.ok("none has reported yet");
        } else {
            result = Result.ok(Words.some(online, 10) + (online.size() == 1 ? " is online" : " are online"));
        }
        return result.with("online", online.size()).with("away", List.copyOf(away));
    }

    private static String words(SystemStatus.Node node, Instant now) {
        String condition = switch (node.condition()) {
            case ONLINE -> "is online";
            case UNREACHABLE -> "says that it cannot be reached";
            case SILENT -> "is silent";
            case OFFLINE -> "is offline";
        };
        Instant since = node.since();
        return since == null ? condition : condition + " since " + Words.span(Duration.between(since, now));
    }
}
