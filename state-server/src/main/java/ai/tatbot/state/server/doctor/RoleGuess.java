package ai.tatbot.state.server.doctor;

import ai.tatbot.state.model.Keys;
import ai.tatbot.state.server.rights.AclRules;
import ai.tatbot.state.server.rights.Right;
import ai.tatbot.state.server.rights.Role;
import ai.tatbot.state.server.rights.Roles;
import ai.tatbot.state.server.rights.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The role that a user should have.
 *
 * @param role null for an administrator
 * @param isGuessed whether nobody said so
 */
record RoleGuess(@Nullable Role role, boolean isGuessed) {
    static final String ADMIN = "admin";

    /** Users that are no node's. */
    static final Set<String> NO_NODES = Set.of(ADMIN, "default");

    /** Names of all roles. */
    static List<String> names() {
        return Stream.concat(Roles.packaged().all().stream().map(Role::name), Stream.of(ADMIN))
                .toList();
    }

    /** The role of this name. */
    static Optional<RoleGuess> find(String name) {
        return name.equals(ADMIN)
                ? Optional.of(new RoleGuess(null, false))
                : Roles.packaged().find(name).map(role -> new RoleGuess(role, false));
    }

    /**
     * The one that the patient says; else the one of whose own rights, which lesser ones have not, this user has most. So it is known
     * if some are missing, or if it has some that it should not have. Who may do everything is judged by what it does.
     */
    static RoleGuess of(Examination examination) {
        String given = examination.patient().role();
        if (given != null) {
            return find(given).orElseThrow(() -> new NotCheckedException("there is no role " + Words.safe(given)));
        }
        Permissions permissions = examination.permissions();
        if (examination.user().equals(ADMIN)) {
            return new RoleGuess(null, true);
        }
        Roles roles = Roles.packaged();
        Role node = roles.role("node");
        Role robot = roles.role("robot");
        if (permissions.allows("CONFIG", "SET", "maxmemory", "0")) {
            return new RoleGuess(hasRobot(examination) ? robot : node, true);
        }
        // Nearly all that a robot may do a server may do, too.
        Role server = roles.role("server");
        if (isMostly(permissions, only(server, List.of(node, robot), examination))) {
            return new RoleGuess(server, true);
        }
        return new RoleGuess(isMostly(permissions, only(robot, List.of(node), examination)) ? robot : node, true);
    }

    private static boolean isMostly(Permissions permissions, List<List<String>> commands) {
        return 2 * permissions.denied(commands).size() < commands.size();
    }

    private static boolean hasRobot(Examination examination) {
        String key = examination.named(Keys.robotState(examination.identity()).name());
        return Long.valueOf(1).equals(examination.redis().call("looking for a robot", "EXISTS", key));
    }

    /** What one may do who has this role, and nobody who has one of the others. */
    private static List<List<String>> only(Role role, List<Role> others, Examination examination) {
        List<List<String>> commands = new ArrayList<>(commands(role, examination));
        others.forEach(other -> commands.removeAll(commands(other, examination)));
        return commands;
    }

    /** Every command that the role needs, with a key or channel that it needs it for. */
    static List<List<String>> commands(Role role, Examination examination) {
        List<List<String>> commands = new ArrayList<>();
        role.commands().keySet().forEach(command -> commands.add(example(command)));
        for (Right right :
                role.rights(examination.identity(), examination.options().namespace())) {
            AclRules.commands(right).forEach(command -> example(command, right).ifPresent(commands::add));
        }
        return commands.stream().distinct().toList();
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

    String name() {
        return role == null ? ADMIN : role.name();
    }

    /** For people. */
    String words() {
        return "role " + name() + (isGuessed ? ", by what it may do" : "");
    }
}
