package ai.tatbot.state.server.rights;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a role needs, as commands that Redis can be asked about ({@code ACL DRYRUN}). */
public final class RoleCommands {
    private RoleCommands() {}

    /**
     * Every command that the role needs, with a key or channel that it needs it for.
     *
     * @param nodeId the node whose own documents it may write
     * @param namespace empty for none
     */
    public static List<List<String>> of(Role role, String nodeId, String namespace) {
        List<List<String>> commands = new ArrayList<>();
        role.commands().keySet().forEach(command -> commands.add(example(command)));
        for (Right right : role.rights(nodeId, namespace)) {
            AclRules.commands(right).forEach(command -> example(command, right).ifPresent(commands::add));
        }
        return commands.stream().distinct().toList();
    }

    /** What one may do who has this role, and nobody who has one of the others. */
    public static List<List<String>> only(Role role, List<Role> others, String nodeId, String namespace) {
        List<List<String>> commands = new ArrayList<>(of(role, nodeId, namespace));
        others.forEach(other -> commands.removeAll(of(other, nodeId, namespace)));
        return commands;
    }

    private static List<String> example(String command) {
        return switch (command) {
            case "select" -> List.of("SELECT", "0");
            case "wait" -> List.of("WAIT", "0", "1");
            case "scan" -> List.of("SCAN", "0");
            case "keys" -> List.of("KEYS", "*");
            case "eval" -> List.of("EVAL", "return 1", "0");
            case "evalsha" -> List.of("EVALSHA", "0".repeat(40), "0");
            default -> List.of(command.toUpperCase(Locale.ROOT).split("[|]", -1));
        };
    }

    /** Empty for commands that take no name, or need no right of their own. */
    private static Optional<List<String>> example(String command, Right right) {
        boolean isPattern = right.pattern().indexOf('*') >= 0;
        // A pattern to listen to must be allowed letter for letter; of anything else it covers every example.
        String name =
                right.verb() == Verb.LISTEN ? right.pattern() : right.pattern().replace("*", "doctor");
        return switch (command) {
            case "unsubscribe", "punsubscribe" -> Optional.empty();
            case "subscribe" -> isPattern ? Optional.empty() : Optional.of(List.of("SUBSCRIBE", name));
            case "psubscribe" -> isPattern ? Optional.of(List.of("PSUBSCRIBE", name)) : Optional.empty();
            default -> {
                List<String> words = new ArrayList<>(List.of(command.toUpperCase(Locale.ROOT), name));
                words.addAll(arguments(command));
                yield Optional.of(List.copyOf(words));
            }
        };
    }

    private static List<String> arguments(String command) {
        return switch (command) {
            case "hget", "hexists", "hmget", "hdel" -> List.of("field");
            case "hset" -> List.of("field", "value");
            case "expire", "pexpire" -> List.of("1");
            case "xrange" -> List.of("-", "+");
            case "xrevrange" -> List.of("+", "-");
            case "xadd" -> List.of("*", "field", "value");
            case "xdel" -> List.of("0-1");
            case "sadd", "srem", "sismember" -> List.of("member");
            case "publish" -> List.of("message");
            default -> List.of();
        };
    }
}
