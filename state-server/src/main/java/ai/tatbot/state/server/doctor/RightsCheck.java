package ai.tatbot.state.server.doctor;

import ai.tatbot.state.server.rights.Role;
import ai.tatbot.state.server.show.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether this user may do everything that its role needs. Redis is asked, and nothing is done. */
final class RightsCheck extends Check {
    RightsCheck() {
        super(Part.ACCESS, "rights");
    }

    @Override
    Result examine(Examination examination) {
        RoleGuess guess = examination.role();
        @Nullable Role role = guess.role();
        if (role == null) {
            return Result.ok("the administrator's: all there are").with("role", guess.name());
        }
        List<List<String>> needed = new ArrayList<>(RoleGuess.commands(role, examination));
        role.scratch(examination.identity()).ifPresent(scratch -> {
            needed.add(List.of("HSET", scratch + ":robot:state:doctor", "field", "value"));
            needed.add(List.of("UNLINK", scratch + ":robot:state:doctor"));
            needed.add(List.of("PUBLISH", scratch + ":robot:events", "message"));
            needed.add(List.of("SUBSCRIBE", scratch + ":robot:events"));
        });
        List<List<String>> denied = examination.permissions().denied(needed);
        if (!denied.isEmpty()) {
            List<String> texts =
                    denied.stream().map(RightsCheck::text).distinct().toList();
            return Result.fail(
                            examination.identity() + " (" + guess.words() + ") may not " + Words.some(texts, 4),
                            "On the machine of Redis: tatbot-state node update " + examination.identity() + " --role "
                                    + guess.name() + " gives it the rights of this version.")
                    .with("role", guess.name())
                    .with("denied", texts);
        }
        return Result.ok("all " + needed.size() + " things that " + article(guess.name()) + " does are allowed ("
                        + guess.words() + ")")
                .with("role", guess.name())
                .with("allowed", needed.size());
    }

    private static String article(String role) {
        return "a " + role;
    }

    /** The command, and the name that it is for. */
    static String text(List<String> words) {
        return switch (words.get(0)) {
            case "EVAL", "EVALSHA", "WAIT", "SELECT" -> words.get(0);
            default -> Text.safe(String.join(" ", words.subList(0, Math.min(2, words.size()))), 80);
        };
    }
}
