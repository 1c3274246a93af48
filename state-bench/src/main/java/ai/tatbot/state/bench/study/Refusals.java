package ai.tatbot.state.bench.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** What every option leaves behind when a part of its update is refused. */
final class Refusals {
    private static final String DEADLINE = """
            local before, left, after
            repeat
                before, left, after = redis.call('TIME'), redis.call('PTTL', KEYS[1]), redis.call('TIME')
            until before[1] == after[1] and math.floor(before[2] / 1000) == math.floor(after[2] / 1000)
            if left < 0 then return tostring(left) end
            return string.format('%.0f', before[1] * 1000 + math.floor(before[2] / 1000) + left)
            """;
    private static final Pattern CODE = Pattern.compile("[A-Z]+");

    /**
     * @param rules ACL rules of the writing user, after "may do everything"
     * @param obstacle what the administrator puts in its way
     * @param race whether that happens after the user's {@code WATCH}
     */
    private record Case(String name, String rules, List<List<String>> obstacle, boolean race) {
        Case(String name, String rules) {
            this(name, rules, List.of(), false);
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("nothing refused", ""),
            new Case("channel denied", "resetchannels &" + Options.OTHER_CHANNEL),
            new Case("second channel denied", "resetchannels &" + Options.CHANNEL),
            new Case("key denied", "resetkeys ~" + Options.LOG + " ~" + Options.INDEX),
            new Case("key of the log denied", "resetkeys ~" + Options.KEY + " ~" + Options.INDEX),
            new Case("HSET denied", "-hset"),
            new Case("PUBLISH denied", "-publish"),
            new Case("PEXPIRE denied", "-pexpire"),
            new Case("XADD denied", "-xadd"),
            new Case("SADD denied", "-sadd"),
            new Case("channel and undo denied", "resetchannels &other -hdel -xdel -srem"),
            new Case(
                    "WRONGTYPE: key",
                    "",
                    List.of(List.of("DEL", Options.KEY), List.of("SET", Options.KEY, "x")),
                    false),
            new Case(
                    "WRONGTYPE: log",
                    "",
                    List.of(List.of("DEL", Options.LOG), List.of("SET", Options.LOG, "x")),
                    false),
            new Case(
                    "WRONGTYPE: index",
                    "",
                    List.of(List.of("DEL", Options.INDEX), List.of("SET", Options.INDEX, "x")),
                    false),
            new Case("out of memory", "", List.of(List.of("CONFIG", "SET", "maxmemory", "1")), false),
            new Case("stale fence", "", List.of(List.of("HSET", Options.KEY, "fence", "4")), true),
            new Case("read-only replica", "", List.of(List.of("REPLICAOF", "127.0.0.1", "1")), false));

    private final Server server;
    private final List<Option> options;

    Refusals(Server server, List<Option> options) {
        this.server = server;
        this.options = options;
    }

    String table() {
        StringBuilder out = new StringBuilder("| Refused |");
        options.forEach(option -> out.append(' ').append(option.name()).append(" |"));
        out.append("\n|---|").append("---|".repeat(options.size())).append('\n');
        for (Case refusal : CASES) {
            out.append("| ").append(refusal.name()).append(" |");
            for (Option option : options) {
                out.append(' ').append(outcome(refusal, option)).append(" |");
            }
            out.append('\n');
        }
        return out.toString();
    }

    private String outcome(Case refusal, Option option) {
        try (Wire admin = Wire.asAdmin(server.port);
                Wire subscriber = Wire.asAdmin(server.port)) {
            admin.ask(Command.FLUSHALL);
            admin.ask(Command.SADD, Options.INDEX, "someone");
            admin.ask(Command.XADD, Options.LOG, "*", "channel", "c", "event", "{}");
            if (!option.fresh()) {
                String revision = String.valueOf(Options.REVISION);
                admin.ask(Command.HSET, Options.KEY, "state", "{\"old\":1}", "last_updated", "then", "rev", revision);
                admin.ask(Command.HSET, Options.KEY, "fence", Options.FENCE, "lease_until", "1");
                admin.ask(Command.PEXPIRE, Options.KEY, "50000000");
            }
            List<Object> user = new ArrayList<>(List.of("SETUSER", Wire.USER, "reset", "on", ">" + Wire.PASSWORD));
            user.addAll(List.of("~*", "&*", "+@all"));
            if (!refusal.rules().isEmpty()) {
                user.addAll(List.of(refusal.rules().split(" ", -1)));
            }
            admin.ask(Command.ACL, user.toArray());
            subscriber.send(Command.PSUBSCRIBE, "*");
            subscriber.replies();
            try (Wire wire = Wire.asStudyUser(server.port)) {
                if (!refusal.race()) {
                    obstruct(admin, refusal);
                }
                if (option.watched()) {
                    wire.send(Command.WATCH, Options.KEY);
                    wire.replies();
                }
                if (refusal.race()) {
                    obstruct(admin, refusal);
                }
                Map<String, String> before = state(admin);
                option.send(wire, Options.KEY);
                List<Object> replies = wire.replies();
                return judge(replies, before, state(admin), events(admin, subscriber));
            } finally {
                admin.ask(Command.CONFIG, "SET", "maxmemory", "0");
                admin.ask(Command.REPLICAOF, "NO", "ONE");
            }
        }
    }

    private static void obstruct(Wire admin, Case refusal) {
        for (List<String> words : refusal.obstacle()) {
            Object[] arguments = words.subList(1, words.size()).toArray();
            admin.ask(Command.valueOf(words.get(0)), arguments);
        }
    }

    private static String judge(
            List<Object> replies, Map<String, String> before, Map<String, String> after, List<String> events) {
        List<String> left = new ArrayList<>();
        after.forEach((what, value) -> {
            if (!value.equals(before.get(what))) {
                left.add(what);
            }
        });
        if (!events.isEmpty()) {
            left.add(events.size() == 1 ? "event" : events.size() + " events");
        }
        String error = error(replies);
        if (error == null) {
            return "written" + (note(replies).isEmpty() ? "" : ", with a note");
        }
        return left.isEmpty() ? "clean: " + error : "**LEFT " + String.join(", ", left) + "**: " + error;
    }

    /** The second line of a script's reply. */
    private static String note(List<Object> replies) {
        return Wire.text(replies.get(0)).lines().skip(1).collect(Collectors.joining());
    }

    /** The first word of the last error, EXECABORT for a refused transaction; nil for an EXEC that did nothing. */
    private static @Nullable String error(List<?> replies) {
        String found = null;
        for (Object reply : replies) {
            if (reply instanceof JedisDataException error) {
                Matcher matcher = CODE.matcher(String.valueOf(error.getMessage()));
                found = matcher.lookingAt() ? matcher.group() : "?";
            } else if (reply instanceof List<?> nested) {
                String inner = error(nested);
                found = inner == null ? found : inner;
            } else if (reply == null) {
                found = "nil";
            }
        }
        return found;
    }

    private static Map<String, String> state(Wire admin) {
        Map<String, String> state = new LinkedHashMap<>();
        boolean hash = !admin.text(Command.TYPE, Options.KEY).equals("string");
        for (String field : List.of("state", "last_updated", "rev", "fence", "lease_until")) {
            state.put(field, hash ? admin.text(Command.HGET, Options.KEY, field) : "");
        }
        state.put("type", admin.text(Command.TYPE, Options.KEY));
        state.put("TTL", admin.text(Command.EVAL, DEADLINE, "1", Options.KEY));
        boolean stream = admin.text(Command.TYPE, Options.LOG).equals("stream");
        state.put("log", stream ? admin.text(Command.XRANGE, Options.LOG, "-", "+") : "");
        state.put("TTL of the log", admin.text(Command.EVAL, DEADLINE, "1", Options.LOG));
        boolean set = admin.text(Command.TYPE, Options.INDEX).equals("set");
        state.put("index", set ? admin.text(Command.SISMEMBER, Options.INDEX, "hog") : "");
        return state;
    }

    /** What was delivered before a message of our own arrives. */
    private static List<String> events(Wire admin, Wire subscriber) {
        admin.ask(Command.PUBLISH, "end", "");
        List<String> events = new ArrayList<>();
        while (subscriber.next() instanceof List<?> message) {
            if (Wire.text(message.get(2)).equals("end")) {
                break;
            }
            events.add(Wire.text(message.get(3)));
        }
        return events;
    }
}
