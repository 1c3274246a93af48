package ai.tatbot.state.server.doctor;

import ai.tatbot.state.server.rights.Right;
import ai.tatbot.state.server.rights.Role;
import ai.tatbot.state.server.rights.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether this user may do more than its role needs: then whoever gets hold of its password may, too. */
final class ExcessCheck extends Check {
    /** What no node ever needs. */
    private static final List<List<String>> NEVER = List.of(
            List.of("FLUSHALL"),
            List.of("CONFIG", "SET", "maxmemory", "0"),
            List.of("CONFIG", "GET", "maxmemory"),
            List.of("ACL", "SETUSER", "doctor"),
            List.of("ACL", "LIST"),
            List.of("SHUTDOWN"),
            List.of("DEBUG", "SLEEP", "0"),
            List.of("MONITOR"),
            List.of("CLIENT", "KILL", "ID", "0"),
            List.of("CLIENT", "PAUSE", "0"),
            List.of("REPLICAOF", "NO", "ONE"),
            List.of("MODULE", "LIST"),
            List.of("FUNCTION", "FLUSH"),
            List.of("SCRIPT", "FLUSH"));

    private static final String OTHER = "doctor-somebody-else";

    ExcessCheck() {
        super(Part.ACCESS, "excess rights");
    }

    @Override
    Result examine(Examination examination) {
        RoleGuess guess = examination.role();
        @Nullable Role role = guess.role();
        if (role == null) {
            return Result.ok("none: administering takes all of them; no node should log in as this user");
        }
        Permissions permissions = examination.permissions();
        List<List<String>> beyond = beyond(role, examination);
        List<List<String>> denied = permissions.denied(beyond);
        List<List<String>> allowed =
                beyond.stream().filter(words -> !denied.contains(words)).toList();
        if (allowed.isEmpty()) {
            return Result.ok("none of " + beyond.size() + " things that are not a " + guess.name() + "'s is allowed");
        }
        List<String> texts = allowed.stream().map(RightsCheck::text).toList();
        return Result.warn(
                        denied.isEmpty()
                                ? "user " + Words.safe(examination.user()) + " may do everything, " + texts.get(0)
                                        + " for one"
                                : "user " + Words.safe(examination.user()) + " may also " + Words.some(texts, 5),
                        "Give this node a user of its own: tatbot-state node add " + examination.identity() + " --role "
                                + guess.name() + ", on the machine of Redis.")
                .with("allowed", texts);
    }

    /** What others may do, and this role not. */
    private static List<List<String>> beyond(Role role, Examination examination) {
        List<List<String>> beyond = new ArrayList<>(NEVER);
        if (!role.commands().containsKey("keys")) {
            beyond.add(List.of("KEYS", "*"));
        }
        beyond.add(List.of("DEL", examination.named("robot:state:" + OTHER)));
        beyond.add(List.of("SET", examination.named(OTHER), "value"));
        beyond.add(List.of("GET", examination.named(OTHER)));
        beyond.add(List.of("SUBSCRIBE", OTHER));
        List<Right> rights =
                role.rights(examination.identity(), examination.options().namespace());
        for (String key : List.of("robot:state:", "node:health:", "stroke:progress:")) {
            String name = examination.named(key + OTHER);
            if (!allows(rights, Verb.WRITE, name)) {
                beyond.add(List.of("HSET", name, "field", "value"));
            }
        }
        for (String channel : List.of(OTHER, examination.named("node:events:" + OTHER))) {
            if (!allows(rights, Verb.PUBLISH, channel)) {
                beyond.add(List.of("PUBLISH", channel, "message"));
            }
        }
        return beyond;
    }

    private static boolean allows(List<Right> rights, Verb verb, String name) {
        return rights.stream().anyMatch(right -> right.verb() == verb && matches(right.pattern(), name));
    }

    /** A star is anything. */
    private static boolean matches(String pattern, String name) {
        String regex = Stream.of(pattern.split("[*]", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return name.matches(regex);
    }
}
