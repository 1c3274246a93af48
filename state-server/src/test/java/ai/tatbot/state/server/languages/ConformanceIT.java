package ai.tatbot.state.server.languages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.server.languages.Language.Seen;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.util.SafeEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The cases of {@code schema/conformance}, with each language. */
class ConformanceIT {
    private static final Path FOLDER = Path.of("..", "schema", "conformance");

    private static Fleet fleet;
    private static List<Language> languages;

    @BeforeAll
    static void start(@TempDir Path folder) {
        fleet = new Fleet(folder);
        languages = fleet.all();
        languages.forEach(Language::watch);
    }

    @AfterAll
    static void stop() {
        languages.forEach(Language::close);
        fleet.close();
    }

    /** @param name of its file */
    record Vector(String name, JsonNode json) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Vector> vectors(String folder) throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
            return files.sorted()
                    .map(file -> new Vector(
                            file.getFileName().toString().replace(".json", ""), Fields.JSON.readTree(file.toFile())))
                    .toList();
        }
    }

    static List<Vector> readers() throws IOException {
        return vectors("readers");
    }

    static List<Vector> writers() throws IOException {
        return vectors("writers");
    }

    private static void send(JsonNode commands) {
        try (Jedis jedis = fleet.redis().jedis()) {
            for (JsonNode command : commands) {
                List<String> words =
                        command.valueStream().map(JsonNode::asString).toList();
                jedis.sendCommand(
                        () -> SafeEncoder.encode(words.get(0)),
                        words.subList(1, words.size()).toArray(String[]::new));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readers")
    void aReaderSees(Vector vector) {
        read(vector, languages, Duration.ofSeconds(10));
    }

    private static void read(Vector vector, List<Language> readers, Duration patience) {
        send(vector.json().path("given"));
        readers.forEach(Language::watch);
        for (Language reader : readers) {
            Awaitility.await(reader.name() + " is live")
                    .atMost(Duration.ofSeconds(20))
                    .until(reader::isLive);
        }
        Map<Language, List<JsonNode>> told = new HashMap<>();
        readers.forEach(reader -> told.put(reader, new ArrayList<>()));
        for (JsonNode step : vector.json().path("then")) {
            send(step.path("redis"));
            for (Language reader : readers) {
                Duration longest = step.has("patience_seconds")
                        ? Duration.ofSeconds(step.path("patience_seconds").asLong())
                        : patience;
                step.path("seen")
                        .forEachEntry((key, wanted) -> Awaitility.await(reader.name() + " sees " + key + " as in "
                                        + vector + ", not " + reader.seen(key))
                                .atMost(longest)
                                .until(() -> isSeen(wanted, reader.seen(key))));
                step.path("holds").forEachEntry((key, wanted) -> {
                    Seen seen = reader.seen(key);
                    assertThat(isSeen(wanted, seen))
                            .as("%s still sees %s as in %s, not %s", reader.name(), key, vector, seen)
                            .isTrue();
                });
                List<JsonNode> transitions =
                        step.path("transitions").valueStream().toList();
                if (!transitions.isEmpty()) {
                    List<JsonNode> so = told.getOrDefault(reader, List.of());
                    Awaitility.await(reader.name() + " is told " + transitions + " as in " + vector)
                            .atMost(longest)
                            .until(() -> {
                                so.addAll(reader.transitions());
                                return areTold(transitions, so);
                            });
                }
            }
        }
    }

    /** Whether those that are of the wanted types and of the same session or node are these, in this order, and each once. */
    private static boolean areTold(List<JsonNode> wanted, List<JsonNode> told) {
        List<JsonNode> of = told.stream()
                .filter(one -> wanted.stream().anyMatch(other -> isOf(other, one)))
                .toList();
        if (of.size() != wanted.size()) {
            return false;
        }
        for (int i = 0; i < of.size(); i++) {
            JsonNode one = of.get(i);
            if (!wanted.get(i)
                    .propertyStream()
                    .allMatch(field -> isSame(field.getValue(), one.path(field.getKey()), field.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOf(JsonNode wanted, JsonNode told) {
        return Stream.of("type", "session_id", "node_id")
                .allMatch(name -> !wanted.has(name) || wanted.path(name).equals(told.path(name)));
    }

    private static boolean isSeen(JsonNode wanted, Seen seen) {
        if (wanted.isNull()) {
            return seen.document() == null;
        }
        OptionalLong revision = wanted.path("revision").isNumber()
                ? OptionalLong.of(wanted.path("revision").asLong())
                : OptionalLong.empty();
        return seen.document() != null
                && seen.revision().equals(revision)
                && wanted.path("fields")
                        .propertyStream()
                        .allMatch(field ->
                                isSame(field.getValue(), seen.document().path(field.getKey()), field.getKey()));
    }

    /** An absent field is its default, which the reader's model has and its JSON need not. */
    private static boolean isSame(JsonNode wanted, JsonNode value, String field) {
        JsonNode seen = value.isMissingNode()
                ? Fields.of("models/robot-state")
                        .schemas()
                        .getOrDefault(field, Fields.JSON.nullNode())
                        .path("default")
                : value;
        if (wanted.isNumber() && seen.isNumber()) {
            return new BigDecimal(wanted.asString()).compareTo(new BigDecimal(seen.asString())) == 0;
        }
        return wanted.equals(seen);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("writers")
    void aWriterLeaves(Vector vector) throws InterruptedException {
        if (vector.json().has("steps")) {
            for (Language writer : languages) {
                if (vector.json()
                        .path("who")
                        .valueStream()
                        .anyMatch(who -> who.asString().equals(writer.name()))) {
                    steps(vector, writer);
                }
            }
            return;
        }
        JsonNode call = vector.json().path("call");
        JsonNode stored = vector.json().path("stored");
        JsonNode published = vector.json().path("published");
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        try (Ears ears = new Ears(published.path("channel").asString(), messages);
                Jedis jedis = fleet.redis().jedis()) {
            OptionalLong before = OptionalLong.empty();
            for (Language writer : languages) {
                OptionalLong revision = writer.write(call.path("key").asString(), (ObjectNode) call.path("document"));
                String as = writer.name() + " writes " + vector;
                assertThat(revision).as(as).isPresent();
                if (before.isPresent()) {
                    assertThat(revision.getAsLong()).as(as).isEqualTo(before.getAsLong() + 1);
                }
                before = revision;
                String key = stored.path("key").asString();
                assertThat(jedis.hget(key, "rev")).as(as).isEqualTo(Long.toString(revision.getAsLong()));
                assertFields(
                        as,
                        stored.path("fields"),
                        jedis.hget(key, stored.path("field").asString()));
                if (stored.has("ttl_seconds")) {
                    assertThat(jedis.ttl(key))
                            .as(as)
                            .isBetween(
                                    stored.path("ttl_seconds").asLong() - 60,
                                    stored.path("ttl_seconds").asLong());
                }
                // Transitions come on that channel, too.
                String type = published.path("fields").path("type").asString();
                String message;
                do {
                    message = messages.poll(10, TimeUnit.SECONDS);
                    assertThat(message).as(as + ": published").isNotNull();
                } while (!Fields.JSON.readTree(message).path("type").asString().equals(type));
                assertFields(as, published.path("fields"), message);
                assertThat(Fields.JSON.readTree(message).path("rev").asLong())
                        .as(as)
                        .isEqualTo(revision.getAsLong());
            }
            assertThat(ears.isThere()).isTrue();
        }
    }

    /** Calls one after another, and what each of them leaves. */
    private static void steps(Vector vector, Language writer) throws InterruptedException {
        String sessionId = "";
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        try (Ears ears = new Ears(vector.json().path("channel").asString(), messages);
                Jedis jedis = fleet.redis().jedis()) {
            for (JsonNode template : vector.json().path("steps")) {
                JsonNode step = Fields.JSON.readTree(template.toString().replace("{session_id}", sessionId));
                String as = writer.name() + " does " + step + " of " + vector;
                send(step.path("redis"));
                if (step.has("call")) {
                    JsonNode answer = writer.ask((ObjectNode) step.path("call"));
                    assertThat(answer.path("reason").asString(""))
                            .as("%s: %s", as, answer)
                            .isEqualTo(step.path("fails").asString(""));
                    sessionId = answer.path("session_id").asString(sessionId);
                }
                JsonNode stored = Fields.JSON
                        .readTree(template.toString().replace("{session_id}", sessionId))
                        .path("stored");
                String key = stored.path("key").asString("");
                assertFields(as, stored.path("fields"), stored.has("fields") ? jedis.hget(key, "progress") : "{}");
                stored.path("hash")
                        .forEachEntry((field, value) ->
                                assertThat(jedis.hget(key, field)).as(as).isEqualTo(value.asString()));
                String message = next(messages, sessionId, Duration.ofMillis(step.has("published") ? 10_000 : 100));
                if (step.has("published")) {
                    assertThat(message).as(as).isNotNull();
                    assertFields(as, step.path("published"), message);
                    assertThat(Fields.JSON.readTree(message).path("rev").asString())
                            .as(as)
                            .isEqualTo(jedis.hget(key, "rev"));
                } else {
                    assertThat(message).as(as).isNull();
                }
            }
            assertThat(ears.isThere()).isTrue();
        }
    }

    /** The next message of this session; null if none comes in time. Others end meanwhile, whose writers have gone. */
    private static @Nullable String next(BlockingQueue<String> messages, String sessionId, Duration longest)
            throws InterruptedException {
        String message = messages.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        while (message != null
                && !Fields.JSON
                        .readTree(message)
                        .path("session_id")
                        .asString("")
                        .equals(sessionId)) {
            message = messages.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        }
        return message;
    }

    private static void assertFields(String as, JsonNode wanted, String json) {
        JsonNode found = Fields.JSON.readTree(json);
        wanted.forEachEntry((name, value) -> assertThat(isSame(value, found.path(name), name))
                .as(as + ": " + name + " in " + json)
                .isTrue());
    }

    /** Listens to one channel. */
    private static final class Ears extends JedisPubSub implements AutoCloseable {
        private final BlockingQueue<String> messages;
        private final Jedis jedis = fleet.redis().jedis();

        Ears(String channel, BlockingQueue<String> messages) {
            this.messages = messages;
            Thread thread = new Thread(() -> jedis.psubscribe(this, channel));
            thread.setDaemon(true);
            thread.start();
            Awaitility.await().until(this::isSubscribed);
        }

        boolean isThere() {
            return isSubscribed();
        }

        @Override
        public void onPMessage(String pattern, String channel, String message) {
            messages.add(message);
        }

        @Override
        public void close() {
            punsubscribe();
        }
    }

    /** Of a client in one language, faults that a reader may have, and the cases that must tell. */
    record Fault(String language, String fault, List<String> cases) {}

    static List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (String language : List.of("Java", "Python")) {
            faults.add(new Fault(language, "ignores-gaps", List.of("log-missed", "log-lost")));
            faults.add(new Fault(language, "keeps-what-is-gone", List.of("gone", "expired")));
            faults.add(new Fault(language, "takes-what-is-overtaken", List.of("overtaken")));
            faults.add(new Fault(language, "reads-once", List.of("unpublished", "older-node", "went-back")));
        }
        // The server has asked, and dropped, and put in order before; what is left to this client can go wrong here.
        faults.add(new Fault("TypeScript", "ignores-gaps", List.of("log-lost")));
        faults.add(new Fault("TypeScript", "keeps-what-is-gone", List.of("gone", "expired")));
        faults.add(new Fault("TypeScript", "takes-what-is-overtaken", List.of("overtaken")));
        faults.add(new Fault("TypeScript", "reads-once", List.of("change", "gap", "older-node", "went-back")));
        faults.add(new Fault("TypeScript", "drops-transitions", List.of("log-missed", "session")));
        return faults;
    }

    /** The cases must be able to fail: with a reader that is broken in its own language's code, and with no other. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aBrokenReaderFails(Fault fault) throws IOException {
        try (Language broken = broken(fault)) {
            for (Vector vector : readers()) {
                if (fault.cases().contains(vector.name())) {
                    removeWhatIsLeft(vector);
                    assertThatThrownBy(() -> read(vector, List.of(broken), Duration.ofSeconds(4)))
                            .as("%s that %s, with %s", fault.language(), fault.fault(), vector)
                            .isInstanceOfAny(ConditionTimeoutException.class, AssertionError.class);
                    removeWhatIsLeft(vector);
                    Language sound = languages.stream()
                            .filter(one -> one.name().equals(fault.language()))
                            .findFirst()
                            .orElseThrow();
                    read(vector, List.of(sound), Duration.ofSeconds(4));
                }
            }
        }
    }

    private static Language broken(Fault fault) {
        return switch (fault.language()) {
            case "Java" -> new BrokenJava(fleet.java(), fault.fault());
            case "Python" -> Fleet.python(fleet.redis().url(), "python", fault.fault());
            default -> fleet.typescript(fault.fault());
        };
    }

    /** Documents only: the log goes on. */
    private static void removeWhatIsLeft(Vector vector) {
        try (Jedis jedis = fleet.redis().jedis()) {
            for (JsonNode step : vector.json().path("then")) {
                step.path("seen").propertyNames().forEach(jedis::del);
            }
        }
        // Till everybody has seen that they are gone.
        for (JsonNode step : vector.json().path("then")) {
            step.path("seen")
                    .propertyNames()
                    .forEach(key -> Awaitility.await()
                            .atMost(Duration.ofSeconds(10))
                            .until(() -> languages.stream()
                                    .allMatch(one -> one.seen(key).document() == null)));
        }
    }
}
