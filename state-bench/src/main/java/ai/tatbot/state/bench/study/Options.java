package ai.tatbot.state.bench.study;

import static redis.clients.jedis.Protocol.Command.EVALSHA;
import static redis.clients.jedis.Protocol.Command.EXEC;
import static redis.clients.jedis.Protocol.Command.HMGET;
import static redis.clients.jedis.Protocol.Command.HSET;
import static redis.clients.jedis.Protocol.Command.MULTI;
import static redis.clients.jedis.Protocol.Command.PEXPIRE;
import static redis.clients.jedis.Protocol.Command.PUBLISH;
import static redis.clients.jedis.Protocol.Command.SCRIPT;
import static redis.clients.jedis.Protocol.Command.SET;
import static redis.clients.jedis.Protocol.Command.WATCH;
import static redis.clients.jedis.Protocol.Command.XADD;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The candidates: what is measured, and what is refused. */
final class Options {
    static final String KEY = "study:doc";
    static final String INDEX = "study:index";
    static final String LOG = "study:log";
    static final String HISTORY = "study:history";
    static final String CHANNEL = "study:events";
    static final String OTHER_CHANNEL = "other:events";
    static final long REVISION = 1_795_389_702_170_504L;
    static final String FENCE = "3";

    private static final String PRODUCTION = "/ai/tatbot/state/client/internal/";
    private static final String TIME = "2025-08-18T20:09:37.123456Z";
    private static final String TTL = "86400000";
    private static final String LEASE = "5000";
    private static final String[] KEEP_LOG = {"10000", "604800000", "0"};
    private static final String[] KEEP_HISTORY = {"2000", TTL};
    private static final String[] HISTORY_ENTRY = {
        "stroke_idx",
        "5",
        "pose_idx",
        "25",
        "description_l",
        "left over right",
        "description_r",
        "x",
        "node_id",
        "hog",
        "timestamp",
        "2025-08-18T20:09:37.123456Z",
        "is_executing",
        "true",
        "is_paused",
        "false",
        "offset_idx_l",
        "16",
        "offset_idx_r",
        "16"
    };

    /** What update.lua takes of it, which has the names itself. */
    static final String[] HISTORY_VALUES = IntStream.range(0, HISTORY_ENTRY.length / 2)
            .mapToObj(i -> HISTORY_ENTRY[2 * i + 1])
            .toArray(String[]::new);

    /** 331 bytes. */
    private static final String DOCUMENT =
            "{\"timestamp\":\"2025-08-18T20:09:37.123456Z\",\"node_id\":\"hog\",\"is_connected_l\":true,"
                    + "\"is_connected_r\":true,\"joints_l\":[-0.4412,1.3807,1.1903,-1.3811,0.0012,-0.0007,0.0201],"
                    + "\"joints_r\":[0.4398,1.3795,1.1911,-1.3802,0.0003,0.0011,0.0199],"
                    + "\"velocities_l\":null,\"velocities_r\":null,\"current_pose\":\"executing\","
                    + "\"goal_time_slow\":1.2,\"goal_time_fast\":0.08}";

    /** With its opening brace and revision, some 400 bytes. */
    private static final String EVENT =
            "\"type\":\"state_update\",\"node_id\":\"hog\",\"timestamp\":\"2025-08-18T20:09:37.123456Z\","
                    + "\"is_connected_l\":true,\"is_connected_r\":true,\"current_pose\":\"executing\","
                    + "\"joints_l\":[-0.4412,1.3807,1.1903,-1.3811,0.0012,-0.0007,0.0201],"
                    + "\"joints_r\":[0.4398,1.3795,1.1911,-1.3802,0.0003,0.0011,0.0199],"
                    + "\"velocities_l\":null,\"velocities_r\":null,\"goal_time_slow\":1.2,\"goal_time_fast\":0.08}";

    private final Map<String, String> hashes = new HashMap<>();
    private final boolean aclCheck;

    Options(Wire admin, String version) {
        aclCheck = !version.startsWith("6.");
        for (String name : List.of("plain", "publish-first", "revision-first", "keep-document", "acl-check")) {
            load(admin, name, name + ".lua");
        }
        load(admin, "update", PRODUCTION + "refuse.lua", PRODUCTION + "update.lua");
        for (String name : List.of("write", "append")) {
            load(admin, name, PRODUCTION + "refuse.lua", PRODUCTION + "log.lua", PRODUCTION + name + ".lua");
        }
    }

    /** SET, the yardstick, first. */
    List<Option> measured() {
        List<Option> options = new ArrayList<>();
        options.add(new Option("SET alone", List.of("set"), (wire, key) -> wire.send(SET, key, DOCUMENT)));
        options.add(plain(false));
        options.add(plain(true));
        options.add(transaction(false, true));
        options.add(transaction(true, true));
        options.add(transaction(true, false));
        options.add(verified());
        options.add(simple("plain"));
        options.add(simple("publish-first"));
        options.add(simple("revision-first"));
        options.add(simple("keep-document"));
        if (aclCheck) {
            options.add(simple("acl-check"));
        }
        options.add(update("update.lua", false));
        options.add(update("update.lua, fence", true));
        options.add(write("write.lua", false, false));
        options.add(write("write.lua, renewing TTL", true, false));
        options.add(write("write.lua, fence", false, true));
        options.add(write("write.lua, fence, renewing lease and TTL", true, true));
        Option fenced = update("", true);
        options.add(new Option("update.lua, fence; XADD history behind it", List.of("evalsha", "xadd"), (wire, key) -> {
            fenced.send(wire, key);
            wire.send(
                    XADD,
                    arguments(
                            HISTORY,
                            "MAXLEN",
                            "~",
                            KEEP_HISTORY[0],
                            "*",
                            "rev",
                            String.valueOf(REVISION),
                            HISTORY_ENTRY));
        }));
        options.add(script(
                "update.lua, fence, XADD history inside",
                false,
                (wire, key) -> wire.send(
                        EVALSHA,
                        arguments(
                                hash("update"),
                                "2",
                                key,
                                HISTORY,
                                "state",
                                DOCUMENT,
                                TIME,
                                CHANNEL,
                                EVENT,
                                FENCE,
                                KEEP_HISTORY[0],
                                HISTORY_VALUES))));
        options.add(script("write.lua, fence, XADD history inside", false, (wire, key) -> {
            Object[] fixed = head("4", key, new String[] {INDEX, LOG, HISTORY}, "0", "", FENCE, LEASE);
            wire.send(EVALSHA, arguments(fixed, "1", CHANNEL, "p", EVENT, KEEP_LOG, KEEP_HISTORY, HISTORY_ENTRY));
        }));
        options.add(transition("write.lua, fence, transition", "0"));
        return options;
    }

    /** What the refusal matrix tries; append.lua takes no key of a document. */
    List<Option> refused() {
        List<Option> options = new ArrayList<>();
        options.add(plain(true));
        options.add(transaction(false, true));
        options.add(transaction(true, true));
        options.add(simple("plain"));
        options.add(simple("publish-first"));
        if (aclCheck) {
            options.add(simple("acl-check"));
        }
        options.add(update("update.lua", true));
        options.add(write("write.lua position", false, true));
        options.add(transition("write.lua transition, renewing", "1"));
        options.add(twoEvents("write.lua new key", true, "new"));
        options.add(twoEvents("write.lua two events", false, ""));
        options.add(script(
                "append.lua",
                false,
                (wire, key) -> wire.send(EVALSHA, arguments(hash("append"), "1", LOG, CHANNEL, EVENT, KEEP_LOG))));
        return options;
    }

    private static Option plain(boolean expire) {
        AtomicLong revision = new AtomicLong(REVISION);
        String name = expire ? "HSET, PEXPIRE, PUBLISH" : "HSET, PUBLISH";
        return new Option(name, List.of("hset", "pexpire", "publish"), (wire, key) -> {
            commands(wire, key, revision.incrementAndGet(), expire);
        });
    }

    private static Option transaction(boolean watch, boolean expire) {
        AtomicLong revision = new AtomicLong(REVISION);
        String name = "MULTI, HSET, " + (expire ? "PEXPIRE, " : "") + "PUBLISH, EXEC" + (watch ? ", WATCH" : "");
        List<String> commands = List.of("multi", "exec", "watch");
        return new Option(name, commands, watch, false, (wire, key) -> {
            wire.send(MULTI);
            commands(wire, key, revision.incrementAndGet(), expire);
            wire.send(EXEC);
            if (watch) {
                wire.send(WATCH, key);
            }
        });
    }

    /** A held WATCH needs this read as well: another writer may get in between EXEC and WATCH. */
    private static Option verified() {
        Option transaction = transaction(true, false);
        String name = transaction.name() + ", HMGET";
        List<String> commands = List.of("multi", "exec", "watch", "hmget");
        return new Option(name, commands, true, false, (wire, key) -> {
            transaction.send(wire, key);
            wire.send(HMGET, key, "rev", "fence");
        });
    }

    private static void commands(Wire wire, String key, long revision, boolean expire) {
        String rev = String.valueOf(revision);
        wire.send(HSET, key, "state", DOCUMENT, "last_updated", TIME, "rev", rev);
        if (expire) {
            wire.send(PEXPIRE, key, TTL);
        }
        wire.send(PUBLISH, CHANNEL, "{\"rev\":" + rev + "," + EVENT);
    }

    private Option simple(String name) {
        return script(
                name + ".lua",
                false,
                (wire, key) -> wire.send(EVALSHA, hash(name), "1", key, DOCUMENT, TIME, TTL, CHANNEL, EVENT));
    }

    private Option update(String name, boolean fence) {
        return script(
                name,
                false,
                (wire, key) -> wire.send(
                        EVALSHA,
                        arguments(
                                hash("update"),
                                "1",
                                key,
                                "state",
                                DOCUMENT,
                                TIME,
                                CHANNEL,
                                EVENT,
                                fence ? FENCE : "")));
    }

    private Option write(String name, boolean renew, boolean fence) {
        return script(
                name,
                false,
                (wire, key) -> wire.send(
                        EVALSHA,
                        arguments(
                                head(
                                        "2",
                                        key,
                                        new String[] {INDEX},
                                        renew ? "1" : "0",
                                        "",
                                        fence ? FENCE : "",
                                        fence ? LEASE : ""),
                                "1",
                                CHANNEL,
                                "p",
                                EVENT)));
    }

    private Option transition(String name, String renew) {
        return script(
                name,
                false,
                (wire, key) -> wire.send(
                        EVALSHA,
                        arguments(
                                head("3", key, new String[] {INDEX, LOG}, renew, "", FENCE, LEASE),
                                "1",
                                CHANNEL,
                                "t",
                                EVENT,
                                KEEP_LOG)));
    }

    private Option twoEvents(String name, boolean fresh, String expect) {
        return script(
                name,
                fresh,
                (wire, key) -> wire.send(
                        EVALSHA,
                        arguments(
                                head("3", key, new String[] {INDEX, LOG}, "0", expect, FENCE, LEASE),
                                "2",
                                CHANNEL,
                                "t",
                                EVENT,
                                OTHER_CHANNEL,
                                "p",
                                EVENT,
                                KEEP_LOG)));
    }

    /** The arguments of write.lua up to the events. */
    private Object[] head(
            String keys, String key, String[] moreKeys, String renew, String expect, String fence, String lease) {
        return arguments(
                hash("write"), keys, key, moreKeys, "state", DOCUMENT, TIME, TTL, renew, expect, fence, lease, "hog");
    }

    private static Option script(String name, boolean fresh, BiConsumer<Wire, String> sender) {
        return new Option(name, List.of("evalsha"), false, fresh, sender);
    }

    String hash(String script) {
        String hash = hashes.get(script);
        if (hash == null) {
            throw new IllegalArgumentException(script);
        }
        return hash;
    }

    private void load(Wire admin, String name, String... resources) {
        if (aclCheck || !name.equals("acl-check")) {
            String text = Stream.of(resources).map(Options::read).collect(Collectors.joining());
            hashes.put(name, admin.text(SCRIPT, "LOAD", text));
        }
    }

    private static String read(String resource) {
        try (InputStream in = Options.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(resource, e);
        }
    }

    /** One flat array of strings and arrays of strings. */
    static Object[] arguments(Object... parts) {
        List<Object> all = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof Object[] several) {
                all.addAll(List.of(several));
            } else {
                all.add(part);
            }
        }
        return all.toArray();
    }
}
