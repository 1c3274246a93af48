package ai.tatbot.state.server.languages;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.util.SafeEncoder;
import tools.jackson.databind.JsonNode;

/** The cases of {@code schema/conformance}, with each language. */
class ConformanceIT {
    private static final Path FOLDER = Path.of("..", "schema", "conformance");

    private static Fleet fleet;
    private static List<Language> languages;

    @BeforeAll
    static void start(@TempDir Path folder) {
        fleet = new Fleet(folder);
        languages = fleet.all();
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
        Map<Language, List<String>> told = new HashMap<>();
        readers.forEach(reader -> told.put(reader, new ArrayList<>()));
        for (JsonNode step : vector.json().path("then")) {
            send(step.path("redis"));
            for (Language reader : readers) {
                step.path("seen")
                        .forEachEntry((key, wanted) -> Awaitility.await(reader.name() + " sees " + key + " as in "
                                        + vector + ", not " + reader.seen(key))
                                .atMost(patience)
                                .until(() -> isSeen(wanted, reader.seen(key))));
                List<String> transitions = step.path("transitions")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList();
                if (!transitions.isEmpty()) {
                    List<String> so = told.getOrDefault(reader, List.of());
                    Awaitility.await(reader.name() + " is told " + transitions + " as in " + vector + ", not " + so)
                            .atMost(patience)
                            .until(() -> {
                                so.addAll(reader.transitions());
                                return so.stream()
                                        .filter(transitions::contains)
                                        .toList()
                                        .equals(transitions);
                            });
                }
            }
        }
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
        JsonNode call = vector.json().path("call");
        JsonNode stored = vector.json().path("stored");
        JsonNode published = vector.json().path("published");
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        try (Ears ears = new Ears(published.path("channel").asString(), messages);
                Jedis jedis = fleet.redis().jedis()) {
            OptionalLong before = OptionalLong.empty();
            for (Language writer : languages) {
                OptionalLong revision = writer.write(
                        call.path("key").asString(), (tools.jackson.databind.node.ObjectNode) call.path("document"));
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
            Thread thread = new Thread(() -> jedis.subscribe(this, channel));
            thread.setDaemon(true);
            thread.start();
            Awaitility.await().until(this::isSubscribed);
        }

        boolean isThere() {
            return isSubscribed();
        }

        @Override
        public void onMessage(String channel, String message) {
            messages.add(message);
        }

        @Override
        public void close() {
            unsubscribe();
        }
    }

    /** The cases must be able to fail: with a reader, of each language, that only knows what was there when it came. */
    @Test
    void aReaderThatNeverLooksAgainFails() throws IOException {
        List<String> changing = List.of("change", "gap", "older-node", "garbage", "overtaken");
        for (Vector vector : readers()) {
            if (changing.contains(vector.name())) {
                for (Language language : languages) {
                    Assertions.assertThatThrownBy(
                                    () -> read(vector, List.of(new Frozen(language, vector)), Duration.ofMillis(200)))
                            .as("%s with %s", vector, language.name())
                            .isInstanceOf(ConditionTimeoutException.class);
                }
            }
        }
    }

    /** Sees for ever what it has seen first. */
    private static final class Frozen implements Language {
        private final Language language;
        private final Vector vector;
        private final Map<String, Seen> first = new HashMap<>();

        Frozen(Language language, Vector vector) {
            this.language = language;
            this.vector = vector;
        }

        @Override
        public String name() {
            return "frozen " + language.name();
        }

        @Override
        public boolean accepts(String schema, tools.jackson.databind.node.ObjectNode document) {
            return language.accepts(schema, document);
        }

        @Override
        public OptionalLong write(String key, tools.jackson.databind.node.ObjectNode document) {
            return language.write(key, document);
        }

        @Override
        public Seen read(String key) {
            return language.read(key);
        }

        @Override
        public void watch() {
            language.watch();
            JsonNode last =
                    vector.json().path("then").get(vector.json().path("then").size() - 1);
            last.path("seen").forEachEntry((key, wanted) -> {
                // What an earlier run has left is gone.
                Awaitility.await().until(() -> !isSeen(wanted, language.seen(key)));
                first.put(key, language.seen(key));
            });
        }

        @Override
        public Seen seen(String key) {
            return first.getOrDefault(key, new Seen(null, OptionalLong.empty()));
        }

        @Override
        public boolean isLive() {
            return language.isLive();
        }

        @Override
        public List<String> transitions() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
