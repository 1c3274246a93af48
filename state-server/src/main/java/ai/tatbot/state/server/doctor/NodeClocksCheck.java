package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the clocks of the other nodes are from that of Redis: each heartbeat carries its node's time, and Redis noted its own when it
 * came. So a clock that is ahead shows in full; one that is behind shows as well as a heartbeat that was long on its way.
 */
final class NodeClocksCheck extends Check {
    /** How long a heartbeat may take from the node's clock to Redis' clock, before that counts as a clock that is behind. */
    private static final Duration ON_ITS_WAY = Duration.ofMillis(500);

    NodeClocksCheck() {
        super(Part.FLEET, "node clocks");
    }

    @Override
    Result examine(Examination examination) {
        List<String> nodes = examination.fleet().status().nodes().stream()
                .map(SystemStatus.Node::id)
                .toList();
        List<List<String>> questions = nodes.stream()
                .map(node -> List.of(
                        "HMGET", examination.named(Keys.liveness(node).name()), "last_heartbeat", "seen", "instance"))
                .toList();
        List<@Nullable Object> answers =
                questions.isEmpty() ? List.of() : examination.askAll("asking for the last heartbeats", questions);
        List<String> wrong = new ArrayList<>();
        Duration worst = Duration.ZERO;
        int known = 0;
        for (int i = 0; i < nodes.size(); i++) {
            Optional<Duration> skew = skew(answers.get(i));
            if (skew.isEmpty()) {
                continue;
            }
            known++;
            Duration beyond = beyond(skew.get());
            worst = beyond.compareTo(worst) > 0 ? beyond : worst;
            if (beyond.compareTo(ClockCheck.WRONG) >= 0) {
                wrong.add(nodes.get(i) + " is " + Words.span(skew.get())
                        + (skew.get().isNegative() ? " behind" : " ahead"));
            }
        }
        if (known == 0) {
            return Result.ok("no node has sent a heartbeat that tells");
        }
        String advice =
                "Switch on its time service: timedatectl set-ntp true. Times in its documents are wrong until then.";
        Result result;
        if (wrong.isEmpty()) {
            result = Result.ok("those of " + Words.some(nodes, 10) + " agree with that of Redis");
        } else {
            String found = Words.some(wrong, 5);
            result = worst.compareTo(ClockCheck.VERY_WRONG) >= 0
                    ? Result.fail(found, advice)
                    : Result.warn(found, advice);
        }
        return result.with("nodes", known).with("worst_ms", worst.toMillis());
    }

    private static Duration beyond(Duration skew) {
        if (!skew.isNegative()) {
            return skew;
        }
        Duration behind = skew.negated().minus(ON_ITS_WAY);
        return behind.isNegative() ? Duration.ZERO : behind;
    }

    /** The node's time less that of Redis; empty if that cannot be told, as of older nodes. */
    private static Optional<Duration> skew(@Nullable Object answer) {
        if (!(answer instanceof List<?> fields)
                || !(fields.get(0) instanceof String heartbeat)
                || !(fields.get(1) instanceof String seen)
                // Nobody noted when the heartbeat of an older node came, but only when a reaper saw it.
                || !(fields.get(2) instanceof String instance)
                || instance.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.between(Instant.ofEpochMilli(Long.parseLong(seen)), WireTime.parse(heartbeat)));
        } catch (NumberFormatException | InvalidValueException e) {
            return Optional.empty();
        }
    }
}
