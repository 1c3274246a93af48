package ai.tatbot.state.server.languages;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.faultkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.SafeEncoder;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cases of {@code schema/conformance/commands}: given a call, these commands must reach Redis, run this in it, and be answered so.
 * With {@code -Dtatbot.conformance.record=true} they are written anew from what Java sends; the others are held to that all the same.
 */
class CommandsIT {
    private static final Path FOLDER = Path.of("..", "schema", "conformance", "commands");
    private static final boolean RECORD = Boolean.getBoolean("tatbot.conformance.record");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A watch that reads everything every two seconds may do so in the midst of a case, on a busy machine. */
    private static final int MOST_ATTEMPTS = 3;

    private static RedisServer redis;
    private static RedisTap tap;
    private static RedisMonitor monitor;
    private static Fleet fleet;

    @BeforeAll
    static void start(@TempDir Path folder) {
        redis = RedisServer.start();
        tap = new RedisTap(redis.port());
        monitor = new RedisMonitor(redis, redis.port());
        fleet = new Fleet(folder);
    }

    @AfterAll
    static void stop() {
        fleet.close();
        monitor.close();
        tap.close();
        redis.close();
    }

    static Stream<Path> cases() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theseCommandsReachRedis(Path file) {
        ObjectNode json = (ObjectNode) Fields.JSON.readTree(file.toFile());
        CommandVector vector = new CommandVector(json);
        for (String language : List.of("Java", "Python")) {
            if (vector.concerns(language)) {
                if (RECORD) {
                    record(file, json, language);
                }
                assertThat(difference(json, vector, language))
                        .as("%s, %s; where that is meant, record it: schema/conformance/README.md", file, language)
                        .isNull();
            }
        }
        if (vector.concerns("TypeScript")) {
            assertThat(throughTheServer(json, vector))
                    .as("%s, TypeScript", file)
                    .isNull();
        }
    }

    private static @Nullable String difference(ObjectNode json, CommandVector vector, String language) {
        String difference = "";
        for (int attempt = 0; difference != null && attempt < (vector.hasMore() ? MOST_ATTEMPTS : 1); attempt++) {
            try (Run run = new Run(json, language)) {
                List<Observed> observed = run.done();
                difference = vector.difference(language, observed, run.placeholders.copy());
                if (difference == null) {
                    assertNothingElsePasses(json, language, observed, run.placeholders);
                }
            }
        }
        return difference;
    }

    /** A case must be able to fail: with any word of any command, or any answer, another than it is; or with one command less. */
    private static void assertNothingElsePasses(
            ObjectNode json, String language, List<Observed> observed, Placeholders placeholders) {
        ArrayNode sent = CommandVector.sent(json, language);
        List<ObjectNode> others = spoilt(json, sent);
        assertThat(others).as("%s of %s", language, json.path("about")).hasSizeGreaterThanOrEqualTo(2 * sent.size());
        for (int i = 0; i < sent.size(); i++) {
            ArrayNode less = sent.deepCopy();
            less.remove(i);
            others.add(withSent(json, less));
        }
        for (ObjectNode other : others) {
            assertThat(new CommandVector(other).difference(language, observed, placeholders.copy()))
                    .as("%s: %s", language, other.path("sent"))
                    .isNotNull();
        }
    }

    /** The case for everyone, whoever differed. */
    private static ObjectNode withSent(ObjectNode json, JsonNode sent) {
        ObjectNode copy = json.deepCopy();
        copy.remove("differs");
        copy.set("sent", sent);
        return copy;
    }

    private static void record(Path file, ObjectNode json, String language) {
        ObjectNode own = CommandVector.differing(json, language);
        if (own == null && !language.equals("Java")) {
            return;
        }
        try (Run run = new Run(json, language)) {
            List<Observed> observed = run.done();
            CommandNames names =
                    new CommandNames(json.path("given") + json.path("call").toString() + json.path("before"));
            if (run.sessionId != null) {
                names.add(run.sessionId, "session_id");
            }
            names.learn(run.earlier, true);
            names.learn(observed, false);
            ArrayNode sent = new CommandVector(json).recorded(observed, names, run.placeholders);
            (own == null ? json : own).set("sent", sent);
            Files.writeString(file, printed(json));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String printed(ObjectNode json) {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        ObjectWriter writer = Fields.JSON
                .writer()
                .with(new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines));
        return writer.writeValueAsString(json) + "\n";
    }

    /** A model may get a new field, which writers then send; what a case says of the others is as true as before. */
    @Test
    void aFieldThatACaseDoesNotNameMayHaveItsDefault() {
        JsonNode wanted = Fields.JSON.readTree("""
                ["SET", {"json": {"timestamp": "{time}", "node_id": "hog", "current_pose": "ready"}}]""");
        assertThat(areSame(wanted, "'goal_time_slow':2,'is_connected_l':false")).isTrue();
        assertThat(areSame(wanted, "'goal_time_slow':2.5")).isFalse();
        assertThat(areSame(wanted, "'nobody_knows':2")).isFalse();
        assertThat(areSame(wanted, "'cpu_percent':0.0"))
                .as("a field of another model")
                .isFalse();
        JsonNode event = Fields.JSON.readTree("""
                ["SET", {"tail": {"type": "robot_state", "timestamp": "{time}", "node_id": "hog"}}]""");
        assertThat(areSame(event, "'goal_time_slow':2")).as("no event is so").isFalse();
        JsonNode less = Fields.JSON.readTree("""
                ["SET", {"json": {"node_id": "hog"}}]""");
        assertThat(areSame(less, "'goal_time_slow':2"))
                .as("without what is required")
                .isFalse();
    }

    private static boolean areSame(JsonNode wanted, String more) {
        ObjectNode document = Fields.JSON.createObjectNode();
        JsonNode named = wanted.path(1).iterator().next();
        named.forEachEntry((name, value) ->
                document.put(name, value.asString().equals("{time}") ? "2026-11-01T12:00:00Z" : value.asString()));
        document.setAll((ObjectNode) Fields.JSON.readTree("{" + more.replace('\'', '"') + "}"));
        String text = Fields.JSON.writeValueAsString(document);
        JsonNode sent = Fields.JSON.createObjectNode().set("command", wanted);
        JsonNode json = Fields.JSON
                .createObjectNode()
                .set("sent", Fields.JSON.createArrayNode().add(sent));
        Observed observed = new Observed(
                List.of("SET", wanted.path(1).has("tail") ? text.substring(1) : text),
                List.of(),
                Fields.JSON.getNodeFactory().missingNode());
        return new CommandVector(json).difference("Java", List.of(observed), new Placeholders()) == null;
    }

    /** What of a case the server sends for TypeScript, among whatever else it does. */
    private static @Nullable String throughTheServer(ObjectNode json, CommandVector vector) {
        try (Language typescript = fleet.typescript();
                RedisMonitor all = new RedisMonitor(fleet.redis(), fleet.redis().port())) {
            for (JsonNode step : json.path("call")) {
                JsonNode answer = typescript.ask((ObjectNode) step);
                assertThat(answer.has("error")).as("%s: %s", step, answer).isFalse();
            }
            List<Observed> observed = Observed.of(all.soFar());
            ObjectNode commands = commandsOf(json);
            for (ObjectNode other : spoilt(commands, commands.path("sent"))) {
                assertThat(new CommandVector(other).missing("TypeScript", observed, new Placeholders()))
                        .as("%s", other.path("sent"))
                        .isNotNull();
            }
            return vector.missing("TypeScript", observed, new Placeholders());
        }
    }

    /** Without what Redis makes of them. */
    private static ObjectNode commandsOf(ObjectNode json) {
        ObjectNode copy = json.deepCopy();
        for (JsonNode one : copy.path("sent")) {
            ((ObjectNode) one).remove(List.of("runs", "reply"));
        }
        return copy;
    }

    /** The case with one text in what must be sent, run or answered changed; each in turn. */
    private static List<ObjectNode> spoilt(ObjectNode json, JsonNode sent) {
        List<ObjectNode> all = new ArrayList<>();
        for (int number = 0; ; number++) {
            int[] left = {number};
            JsonNode other = spoilt(sent, left);
            if (left[0] >= 0) {
                return all;
            }
            all.add(withSent(json, other));
        }
    }

    private static JsonNode spoilt(JsonNode node, int[] left) {
        if (node.isArray()) {
            ArrayNode copy = Fields.JSON.createArrayNode();
            node.forEach(item -> copy.add(spoilt(item, left)));
            return copy;
        }
        if (node.isObject()) {
            ObjectNode copy = Fields.JSON.createObjectNode();
            node.forEachEntry((name, value) -> copy.set(name, spoilt(value, left)));
            return copy;
        }
        return left[0]-- == 0 ? Fields.JSON.getNodeFactory().stringNode(node.asString() + "x") : node;
    }

    /** One run of a case, by one language, on an empty Redis. */
    private static final class Run implements AutoCloseable {
        private final ObjectNode json;
        private final Language client;
        private final Placeholders placeholders = new Placeholders();
        private final List<Observed> earlier;
        private @Nullable String sessionId;

        Run(ObjectNode json, String language) {
            this.json = json;
            try (Jedis jedis = redis.jedis()) {
                jedis.flushAll();
                jedis.scriptFlush();
                if (!json.path("scripts").asString("").equals("unknown")) {
                    Scripts.texts().values().forEach(jedis::scriptLoad);
                }
            }
            send(json.path("given"));
            client = client(language);
            monitor.soFar();
            tap.forget();
            for (JsonNode step : json.path("before")) {
                doing((ObjectNode) step, new ArrayList<>());
            }
            earlier = Observed.through(tap, monitor.soFar());
            tap.forget();
        }

        private static Language client(String language) {
            return language.equals("Java")
                    ? new Java(StateManager.connect(
                            redis.options().port(tap.port()).nodeId("v-hog").build()))
                    : Fleet.python("redis://:" + RedisServer.PASSWORD + "@127.0.0.1:" + tap.port(), "v-hog", null);
        }

        List<Observed> done() {
            List<RedisMonitor.Line> lines = new ArrayList<>();
            for (JsonNode step : json.path("call")) {
                doing((ObjectNode) step, lines);
            }
            lines.addAll(monitor.soFar());
            return Observed.through(tap, lines);
        }

        private void doing(ObjectNode step, List<RedisMonitor.Line> lines) {
            switch (step.path("do").asString()) {
                case "redis" -> send(step.path("commands"));
                case "until-live" -> Awaitility.await().atMost(PATIENCE).until(client::isLive);
                case "until-sent" ->
                    Awaitility.await()
                            .atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(20))
                            .until(() -> {
                                lines.addAll(monitor.soFar());
                                return lines.stream().anyMatch(line -> begins(line, step.path("command")));
                            });
                default -> {
                    ObjectNode question = step.deepCopy();
                    question.remove("fails");
                    JsonNode answer = client.ask(question);
                    String wanted = step.path("fails").asString("");
                    assertThat(answer.path("reason").asString(""))
                            .as("%s: %s", step, answer)
                            .isEqualTo(wanted);
                    if (answer.has("session_id")) {
                        sessionId = answer.path("session_id").asString();
                        placeholders.bind("session_id", sessionId);
                    }
                }
            }
        }

        private boolean begins(RedisMonitor.Line line, JsonNode words) {
            for (int i = 0; i < words.size(); i++) {
                if (i >= line.words().size()
                        || !line.words()
                                .get(i)
                                .equals(placeholders.filled(words.get(i).asString()))) {
                    return false;
                }
            }
            return tap.isFrom(line.port());
        }

        private void send(JsonNode commands) {
            try (Jedis jedis = redis.jedis()) {
                for (JsonNode command : commands) {
                    List<String> words = command.valueStream()
                            .map(word -> placeholders.filled(word.asString()))
                            .toList();
                    jedis.sendCommand(
                            () -> SafeEncoder.encode(words.get(0)),
                            words.subList(1, words.size()).toArray(String[]::new));
                }
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
