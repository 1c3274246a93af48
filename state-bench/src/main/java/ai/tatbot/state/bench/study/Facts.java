package ai.tatbot.state.bench.study;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** What the scripts promise, and what they rely on. */
final class Facts {
    private static final String KEY = "facts:doc";

    private final Wire admin;
    private final Options options;
    private final boolean six;
    private final StringBuilder out = new StringBuilder("| Fact | holds |\n|---|---|\n");
    private boolean good = true;

    Facts(Wire admin, Options options, String version) {
        this.admin = admin;
        this.options = options;
        this.six = version.startsWith("6.");
    }

    boolean check() {
        redis();
        revisions();
        expectations();
        fences();
        events();
        return good;
    }

    /** What the scripts rely on. */
    private void redis() {
        admin.ask(Command.FLUSHALL);
        admin.ask(Command.HSET, KEY, "rev", "1");
        admin.ask(Command.PEXPIREAT, KEY, "4000000000000");
        admin.ask(Command.HSET, KEY, "rev", "2", "state", "{}");
        boolean kept =
                Long.parseLong(admin.text(Command.PTTL, KEY)) > 4_000_000_000_000L - System.currentTimeMillis() - 1000;
        fact("HSET leaves the time to live as it is", kept);

        long used = Long.parseLong(Server.info(admin, "memory", "used_memory"));
        admin.ask(Command.CONFIG, "SET", "maxmemory", String.valueOf(used + 500_000));
        String filling = eval("redis.call('HSET', KEYS[1], 'rev', '3') "
                + "redis.call('HSET', KEYS[1], 'state', string.rep('x', 2000000)) "
                + "return redis.call('HSET', KEYS[1], 'rev', '4')");
        String full = eval("return redis.call('HSET', KEYS[1], 'rev', '5')");
        String read = eval("return redis.call('HGET', KEYS[1], 'rev')");
        String plain = eval("#!lua\nreturn redis.call('HGET', KEYS[1], 'rev')");
        String allowed = eval("#!lua flags=allow-oom\nreturn redis.call('HSET', KEYS[1], 'rev', '6')");
        admin.ask(Command.CONFIG, "SET", "maxmemory", "0");
        fact("once a script has written, memory refuses it nothing more", filling.equals("0"));
        fact("its first write is refused when memory is full", full.contains("OOM") && read.equals("4"));
        if (six) {
            fact("#!lua does not compile", plain.startsWith("ERR") && allowed.startsWith("ERR"));
        } else {
            fact("with #!lua even a script that only reads is refused when memory is full", plain.startsWith("OOM"));
            fact("with #!lua flags=allow-oom it writes when memory is full", allowed.equals("0"));
        }
    }

    private void revisions() {
        admin.ask(Command.FLUSHALL);
        long before = micros();
        long rev = Long.parseLong(word(write("0", "", "", ""), 0));
        fact("the first revision is Redis' time in microseconds", rev >= before && rev <= micros());
        fact("the first write sets the time to live and the index", ttl() > 0 && member("hog"));
        fact("the next revision is one more", write("0", "", "", "").equals((rev + 1) + " " + rev));
        admin.ask(Command.HSET, KEY, "rev", "8999999999999998");
        fact("no digit is lost", word(write("0", "", "", ""), 0).equals("8999999999999999"));
        admin.ask(Command.HSET, KEY, "rev", "nan");
        fact(
                "a revision that is none of ours is replaced",
                word(write("0", "", "", ""), 0).startsWith("1"));
        admin.ask(Command.SREM, "facts:index", "hog");
        admin.ask(Command.PERSIST, KEY);
        write("0", "", "", "");
        fact("without renewal time to live and index are left alone", ttl() == -1 && !member("hog"));
        write("1", "", "", "");
        fact("renewal sets them", ttl() > 0 && member("hog"));
        admin.ask(Command.FLUSHALL);
        admin.ask(Command.HSET, KEY, "state", "{\"python\":1}", "last_updated", "then");
        fact(
                "a document of a Python node is taken over",
                word(write("0", "", "", ""), 1).equals("0"));
        fact("with a time to live", ttl() > 0);
        fact("update.lua: ABSENT without a key", update("facts:none", "").startsWith("ABSENT"));
        admin.ask(Command.HSET, "facts:python", "state", "{}");
        fact("update.lua: ABSENT without a revision", update("facts:python", "").startsWith("ABSENT"));
        fact(
                "update.lua: ABSENT with a fence higher than the stored one",
                update(KEY, "9").startsWith("ABSENT"));
        long now = Long.parseLong(admin.text(Command.HGET, KEY, "rev"));
        fact("update.lua raises the revision", update(KEY, "").equals(String.valueOf(now + 1)));
    }

    private void expectations() {
        admin.ask(Command.FLUSHALL);
        fact(
                "expect a revision: CONFLICT 0 without a key",
                error("0", "5", "", "").startsWith("CONFLICT 0 "));
        fact("expect 0: CONFLICT 0 without a key", error("0", "0", "", "").startsWith("CONFLICT 0 "));
        fact("nothing was made of it", admin.text(Command.EXISTS, KEY).equals("0"));
        String rev = word(write("0", "new", "", ""), 0);
        fact("expect new: CONFLICT and the revision", error("0", "new", "", "").startsWith("CONFLICT " + rev + " "));
        fact("expect another revision: CONFLICT", error("0", "7", "", "").startsWith("CONFLICT " + rev + " "));
        fact("expect the revision", !write("0", rev, "", "").isEmpty());
        rev = admin.text(Command.HGET, KEY, "rev");
        admin.ask(Command.HSET, KEY, "state", "{\"python\":2}");
        fact(
                "a foreign write: CONFLICT where the document is expected",
                error("0", rev + ":" + sha1("{}"), "", "").startsWith("CONFLICT"));
        fact(
                "expect revision and document",
                !write("0", rev + ":" + sha1("{\"python\":2}"), "", "").isEmpty());
        admin.ask(Command.HDEL, KEY, "rev");
        String document = admin.text(Command.HGET, KEY, "state");
        fact(
                "expect new: CONFLICT 0 for a document without revision",
                error("0", "new", "", "").startsWith("CONFLICT 0 "));
        fact(
                "expect 0 and that document",
                !write("0", "0:" + sha1(document), "", "").isEmpty());
    }

    private void fences() {
        admin.ask(Command.FLUSHALL);
        write("0", "new", "1", "5000");
        long leaseUntil = Long.parseLong(admin.text(Command.HGET, KEY, "lease_until"));
        fact("a session's first write sets its lease", Math.abs(leaseUntil - micros() / 1000 - 5000) < 500);
        String before = admin.text(Command.HGETALL, KEY);
        fact("a lower fence: FENCED and the fence", error("1", "", "0", "5000").startsWith("FENCED 1 "));
        fact("also of update.lua", update(KEY, "0").startsWith("FENCED 1 "));
        fact("which changes nothing", admin.text(Command.HGETALL, KEY).equals(before));
        write("0", "", "1", "60000");
        fact(
                "without renewal the lease stays",
                admin.text(Command.HGET, KEY, "lease_until").equals(leaseUntil + ""));
        write("1", "", "2", "60000");
        fact("a higher fence takes over", admin.text(Command.HGET, KEY, "fence").equals("2"));
        fact("and the old writer is FENCED", error("0", "", "1", "5000").startsWith("FENCED 2 "));
        write("1", "", "2", "0");
        fact(
                "the end: fence 3, no lease",
                admin.text(Command.HMGET, KEY, "fence", "lease_until").equals("[3, 0]"));
        fact("nothing late gets in", error("0", "", "2", "5000").startsWith("FENCED 3 "));
    }

    private void events() {
        admin.ask(Command.FLUSHALL);
        Object[] arguments = Options.arguments(
                options.hash("write"),
                "4",
                KEY,
                "facts:index",
                "facts:log",
                "facts:history",
                "state",
                "{}",
                "now",
                "1000000");
        Object[] more = Options.arguments(
                arguments, "0", "", "", "", "hog", "2", "a", "t", "\"n\":1}", "b", "t", "\"n\":2}", "10", "60000", "0");
        String reply = admin.text(Command.EVALSHA, Options.arguments(more, "10", "60000", "pose_idx", "5"));
        String rev = word(reply, 0);
        String log = admin.text(Command.XRANGE, "facts:log", "-", "+");
        long first = seq(reply, 2);
        fact(
                "transitions are logged in order, with their ids",
                log.equals("[["
                        + id(reply, 2) + ", [channel, a, seq, " + first + ", event, {\"rev\":" + rev
                        + ",\"n\":1}]], ["
                        + id(reply, 3) + ", [channel, b, seq, " + (first + 1) + ", event, {\"rev\":" + rev
                        + ",\"n\":2}]]]"));
        fact("a log begins at the tenth of a second, times 100,000", first % 100_000 == 1 && isNow(first / 100_000));
        fact(
                "the history carries the revision",
                admin.text(Command.XRANGE, "facts:history", "-", "+").contains("[rev, " + rev + ", pose_idx, 5]"));
        admin.ask(Command.SET, "facts:history", "x");
        reply = admin.text(Command.EVALSHA, Options.arguments(more, "10", "60000", "pose_idx", "5"));
        fact("a history that fails is a note", reply.contains("\nWRONGTYPE"));
        Object[] update = {options.hash("update"), "2", KEY, "facts:history", "state", "{}", "now", "c", "\"n\":1}", ""
        };
        reply = admin.text(Command.EVALSHA, Options.arguments(update, "10", Options.HISTORY_VALUES));
        fact("also of update.lua", reply.contains("\nWRONGTYPE"));
        admin.ask(Command.DEL, "facts:history");
        reply = admin.text(Command.EVALSHA, Options.arguments(update, "10", Options.HISTORY_VALUES));
        fact(
                "which adds to it",
                !reply.contains("\n")
                        && admin.text(Command.XRANGE, "facts:history", "-", "+")
                                .contains("[rev, " + word(reply, 0) + ", stroke_idx, 5, pose_idx, 25,"));
        String before = admin.text(Command.HGETALL, KEY);
        Object[] noEvent = Options.arguments(arguments, "0", "", "", "", "hog", "1", "a", "p");
        Object[] noLength = Options.arguments(arguments, "0", "", "", "", "hog", "1", "a", "t", "\"n\":1}");
        boolean refused =
                failure(noEvent).startsWith("ERR too few") && failure(noLength).startsWith("ERR");
        fact(
                "arguments missing: an error, nothing is changed",
                refused && admin.text(Command.HGETALL, KEY).equals(before));
        reply = admin.text(
                Command.EVALSHA, options.hash("append"), "1", "facts:log", "c", "\"n\":3}", "10", "60000", "0");
        fact(
                "append.lua logs",
                admin.text(Command.XREVRANGE, "facts:log", "+", "-", "COUNT", "1")
                        .equals("[[" + id(reply, 0) + ", [channel, c, seq, " + (first + 4) + ", event, {\"n\":3}]]]"));
    }

    private String write(String renew, String expect, String fence, String lease) {
        return admin.text(Command.EVALSHA, arguments(renew, expect, fence, lease));
    }

    /** The id of an entry that is one of these words. */
    private static String id(String reply, int index) {
        return word(reply, index).replaceFirst("/.*", "");
    }

    /** The number of the same entry. */
    private static long seq(String reply, int index) {
        return Long.parseLong(word(reply, index).replaceFirst(".*/", ""));
    }

    private boolean isNow(long tenths) {
        return Math.abs(tenths - micros() / 100_000) < 100;
    }

    /** One of the words in the first line of a script's reply. */
    private static String word(String reply, int index) {
        return reply.lines().findFirst().orElse("").split(" ", -1)[index];
    }

    private String error(String renew, String expect, String fence, String lease) {
        return failure(arguments(renew, expect, fence, lease));
    }

    private Object[] arguments(String renew, String expect, String fence, String lease) {
        return Options.arguments(
                options.hash("write"),
                "2",
                KEY,
                "facts:index",
                "state",
                "{}",
                "now",
                "1000000",
                renew,
                expect,
                fence,
                lease,
                "hog",
                "1",
                "c",
                "p",
                "\"n\":1}");
    }

    private String update(String key, String fence) {
        Object[] arguments =
                Options.arguments(options.hash("update"), "1", key, "state", "{}", "now", "c", "\"n\":1}", fence);
        try {
            return admin.text(Command.EVALSHA, arguments);
        } catch (JedisDataException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String eval(String script) {
        try {
            return admin.text(Command.EVAL, script, "1", KEY);
        } catch (JedisDataException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String failure(Object... arguments) {
        try {
            admin.ask(Command.EVALSHA, arguments);
            return "";
        } catch (JedisDataException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private long micros() {
        List<?> time = list(admin.ask(Command.TIME));
        return Long.parseLong(Wire.text(time.get(0))) * 1_000_000 + Long.parseLong(Wire.text(time.get(1)));
    }

    private long ttl() {
        return Long.parseLong(admin.text(Command.PTTL, KEY));
    }

    private boolean member(String id) {
        return admin.text(Command.SISMEMBER, "facts:index", id).equals("1");
    }

    private static List<?> list(@Nullable Object reply) {
        return reply instanceof List<?> list ? list : List.of();
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void fact(String what, boolean holds) {
        good &= holds;
        out.append("| ")
                .append(what)
                .append(" | ")
                .append(holds ? "yes" : "**NO**")
                .append(" |\n");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
