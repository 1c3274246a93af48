package ai.tatbot.state.server.rights;

import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.RedisType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A role's rights as Redis takes them: the words of {@code ACL SETUSER} behind name and password, which are those of a line of an ACL
 * file, too. Immutable.
 *
 * <p>The rule proper allows what belongs to no key, and scripts on the keys that the role writes. What may be done with keys, in a
 * script or outside, stands in selectors, one for each verb and type of key: a user that may append to the log may not do to the log
 * what it may do to its own documents. Listening and publishing are selectors of their own because the rule for channels makes no
 * difference between them.
 */
public final class AclRules {
    private static final List<String> READ_ANY = List.of("exists", "type", "ttl", "pttl");

    private static final Map<RedisType, List<String>> READ = Map.of(
            RedisType.HASH, List.of("hexists", "hget", "hgetall", "hlen", "hmget"),
            RedisType.STREAM, List.of("xlen", "xrange", "xrevrange"),
            RedisType.SET, List.of("scard", "sismember", "smembers"));

    private static final Map<RedisType, List<String>> WRITE = Map.of(
            RedisType.HASH, List.of("expire", "hdel", "hset", "pexpire"),
            RedisType.STREAM, List.of("expire", "pexpire", "xadd", "xdel"),
            RedisType.SET, List.of("sadd", "srem"));

    private static final List<String> PUBLISH = List.of("publish");
    private static final List<String> LISTEN = List.of("psubscribe", "punsubscribe", "subscribe", "unsubscribe");

    /** What clears a user's rules, and leaves its passwords. */
    private static final List<String> NOTHING = List.of("clearselectors", "resetchannels", "resetkeys", "-@all");

    private final List<String> words;

    private AclRules(List<String> words) {
        this.words = List.copyOf(words);
    }

    /**
     * Those of one node; what it had is cleared, but for its passwords.
     *
     * @param namespace prefix of keys and channels, empty for none
     * @throws IllegalArgumentException if the node's id is none
     */
    public static AclRules of(Role role, String nodeId, String namespace) {
        List<Right> rights = role.rights(nodeId, namespace);
        List<String> words = new ArrayList<>(NOTHING);
        Map<String, String> commands = role.commands();
        commands.keySet().forEach(command -> words.add("+" + command));
        if (commands.containsKey("eval")) {
            patterns(rights, Verb.WRITE, null).forEach(pattern -> words.add("~" + pattern));
            role.scratch(nodeId).ifPresent(scratch -> words.add("~" + scratch + ":*"));
        }
        for (RedisType type : RedisType.values()) {
            Set<String> reading = new TreeSet<>(READ.getOrDefault(type, List.of()));
            reading.addAll(READ_ANY);
            select(words, "%R~", patterns(rights, Verb.READ, type), reading);
            select(words, "~", patterns(rights, Verb.WRITE, type), WRITE.getOrDefault(type, List.of()));
        }
        select(words, "&", patterns(rights, Verb.PUBLISH, null), PUBLISH);
        select(words, "&", patterns(rights, Verb.LISTEN, null), LISTEN);
        role.scratch(nodeId).ifPresent(scratch -> words.add(everythingIn(scratch)));
        return new AclRules(words);
    }

    /** All rights there are. */
    public static AclRules all() {
        List<String> words = new ArrayList<>(NOTHING);
        words.addAll(List.of("allkeys", "allchannels", "+@all"));
        return new AclRules(words);
    }

    /** The commands that a right with keys of one type, or with channels, stands for; in lower case. */
    public static List<String> commands(Right right) {
        return switch (right.verb()) {
            case READ -> {
                List<String> reading = new ArrayList<>(READ_ANY);
                right.type().ifPresent(type -> reading.addAll(READ.getOrDefault(type, List.of())));
                yield List.copyOf(reading);
            }
            case WRITE ->
                right.type().map(type -> WRITE.getOrDefault(type, List.of())).orElse(List.of());
            case PUBLISH -> PUBLISH;
            case LISTEN -> LISTEN;
        };
    }

    private static Set<String> patterns(List<Right> rights, Verb verb, @Nullable RedisType type) {
        Set<String> patterns = new LinkedHashSet<>();
        rights.stream()
                .filter(right -> right.verb() == verb && (type == null || right.keyType() == type))
                .forEach(right -> patterns.add(right.pattern()));
        return patterns;
    }

    private static void select(List<String> words, String sign, Set<String> patterns, Iterable<String> commands) {
        if (!patterns.isEmpty()) {
            words.add(selector(sign, patterns, commands));
        }
    }

    private static String selector(String sign, Iterable<String> patterns, Iterable<String> commands) {
        List<String> selector = new ArrayList<>();
        patterns.forEach(pattern -> selector.add(sign + pattern));
        commands.forEach(command -> selector.add("+" + command));
        return "(" + String.join(" ", selector) + ")";
    }

    private static String everythingIn(String namespace) {
        Set<String> commands = new TreeSet<>(READ_ANY);
        READ.values().forEach(commands::addAll);
        WRITE.values().forEach(commands::addAll);
        commands.addAll(PUBLISH);
        commands.addAll(LISTEN);
        commands.addAll(List.of("del", "unlink"));
        List<String> words = new ArrayList<>(List.of("~" + namespace + ":*", "&" + namespace + ":*"));
        for (ChannelKind<?> kind : Channels.all()) {
            if (!kind.parameterNames().isEmpty()) {
                // A pattern that is subscribed to must be allowed letter for letter.
                words.add("&" + namespace + ":" + kind.template().replaceAll("[{][a-z_]+[}]", "*"));
            }
        }
        commands.forEach(command -> words.add("+" + command));
        return "(" + String.join(" ", words) + ")";
    }

    /** The words. A selector is one word, in brackets. */
    public List<String> words() {
        return words;
    }

    /** The words, with blanks between them, as a line of an ACL file has them. */
    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
