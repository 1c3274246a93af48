package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.internal.RawConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the user of a connection may do. Redis 7.0 and later tell without doing it. */
final class Permissions {
    /**
     * ARGV: for each command the number of its words, and the words. Reply: a number for each: 1 allowed, 0 denied, -1 no such command.
     * They are no KEYS, since the script touches none of them.
     */
    private static final String SCRIPT = """
            if not redis.acl_check_cmd then return false end
            local answers, i = {}, 1
            while i <= #ARGV do
                local count = tonumber(ARGV[i])
                local known, allowed = pcall(redis.acl_check_cmd, unpack(ARGV, i + 1, i + count))
                answers[#answers + 1] = known and (allowed and 1 or 0) or -1
                i = i + count + 1
            end
            return answers
            """;

    /** Of Lua's stack, and of what a reader of MONITOR wants to see in one line. */
    private static final int AT_ONCE = 100;

    private final RawConnection redis;
    private final Map<List<String>, Boolean> known = new HashMap<>();

    private Permissions(RawConnection redis) {
        this.redis = redis;
    }

    /** @throws NotCheckedException if this Redis cannot be asked */
    static Permissions of(RawConnection redis) {
        if (redis.call("asking what this user may do", "EVAL", SCRIPT, "0") == null) {
            throw new NotCheckedException("Redis tells from version 7.0 on what a user may do");
        }
        return new Permissions(redis);
    }

    /** Those of these commands, with their arguments, that this user may not run, or Redis does not have. */
    List<List<String>> denied(List<List<String>> commands) {
        List<List<String>> open = commands.stream()
                .filter(words -> !known.containsKey(words))
                .distinct()
                .toList();
        for (int from = 0; from < open.size(); from += AT_ONCE) {
            ask(open.subList(from, Math.min(from + AT_ONCE, open.size())));
        }
        return commands.stream()
                .filter(words -> !known.getOrDefault(words, false))
                .toList();
    }

    /** Whether this user may run a command with these arguments. */
    boolean allows(String... words) {
        return denied(List.of(List.of(words))).isEmpty();
    }

    private void ask(List<List<String>> commands) {
        List<String> call = new ArrayList<>(List.of("EVAL", SCRIPT, "0"));
        for (List<String> words : commands) {
            call.add(Integer.toString(words.size()));
            call.addAll(words);
        }
        @Nullable Object reply = redis.call("asking what this user may do", call.toArray(String[]::new));
        List<?> answers = reply instanceof List<?> list ? list : List.of();
        for (int i = 0; i < commands.size(); i++) {
            known.put(commands.get(i), i < answers.size() && Long.valueOf(1).equals(answers.get(i)));
        }
    }

    /** A command as words: {@code words("HSET", key, "field", "value")}. */
    static List<String> words(String... words) {
        return Stream.of(words).toList();
    }
}
