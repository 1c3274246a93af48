package ai.tatbot.state.server.languages;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.server.languages.Language.Learned;
import ai.tatbot.state.server.languages.Language.Seen;
import ai.tatbot.state.server.languages.Language.Told;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.util.SafeEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The cases of {@code schema/conformance}, with each language. */
class ConformanceIT {
    private static final Path FOLDER = Path.of("..", "schema", "conformance");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * How much longer than the slowest of the sound readers a broken one has, to see what it is not able to: more than the two seconds
     * after which all of them read everything again.
     */
    private static final Duration MERCY = Duration.ofSeconds(3);

    /** A reader may read everything again at the very moment at which it should learn something by its message. */
    private static final int MOST_ATTEMPTS = 3;

    private static Fleet fleet;
    private static List<Language> languages;
    private static Map<Fault, Language> broken;
    private static int markers;

    @BeforeAll
    static void start(@TempDir Path folder) {
        fleet = new Fleet(folder);
        languages = fleet.all();
        languages.forEach(Language::watch);
        broken = new LinkedHashMap<>();
        faults().forEach(fault -> broken.put(fault, broken(fault)));
    }

    @AfterAll
    static void stop() {
        broken.values().forEach(Language::close);
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

    /**
     * All sound readers must see what the case says. It must be able to fail, too: on the same pass run those that are broken in their own
     * language's code in such a way that this case must tell. The first case, {@code snapshot}, they pass all.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("readers")
    void aReaderSees(Vector vector) {
        for (int attempt = 1; !isRead(vector, attempt == MOST_ATTEMPTS); attempt++) {
            removeWhatIsLeft(vector);
        }
    }

    /** What one reader has been told in a case, and how far it has come. */
    private static final class Reading {
        private final Language reader;
        private final List<JsonNode> transitions = new ArrayList<>();
        private final List<Learned> learned = new ArrayList<>();
        /** In the step that is under way. */
        private boolean sees;

        /** What it has not done yet, or wrong; null if nothing. */
        private @Nullable String wanting;

        private boolean failed;

        /** Whether it has seen what it should, but some of it by reading. */
        private boolean hasRead;

        Reading(Language reader) {
            this.reader = reader;
        }

        void begin() {
            sees = false;
            wanting = "has done nothing yet";
        }

        boolean isDone() {
            return failed || wanting == null;
        }

        void fail(String why) {
            wanting = why;
            failed = true;
        }

        void hear() {
            Told told = reader.told();
            transitions.addAll(told.transitions());
            learned.addAll(told.learned());
        }

        /** Looks how far it has come. */
        void look(JsonNode step) {
            if (isDone()) {
                return;
            }
            hear();
            if (!sees) {
                wanting = differing(step.path("seen"));
                if (wanting != null) {
                    return;
                }
                sees = true;
                String other = differing(step.path("holds"));
                if (other != null) {
                    fail(other + ", at the moment at which it sees the rest");
                    return;
                }
            }
            wanting = learnedOtherwise(step);
            if (wanting == null && !areTold(step.path("transitions"), transitions)) {
                wanting = "is told " + transitions;
            }
        }

        private @Nullable String differing(JsonNode keys) {
            for (Map.Entry<String, JsonNode> one : keys.properties()) {
                Seen seen = reader.seen(one.getKey());
                if (!isSeen(one.getValue(), seen)) {
                    return "sees " + one.getKey() + " as " + seen;
                }
            }
            return null;
        }

        /** Of what should be learned by its message; the first telling of that revision counts. */
        private @Nullable String learnedOtherwise(JsonNode step) {
            for (JsonNode key : step.path("by_message")) {
                long revision =
                        step.path("seen").path(key.asString()).path("revision").asLong();
                Optional<String> cause = learned.stream()
                        .filter(one -> one.key().equals(key.asString())
                                && one.revision().equals(OptionalLong.of(revision)))
                        .map(Learned::cause)
                        .findFirst();
                if (cause.isEmpty()) {
                    return "has not said how it learned of " + key;
                }
                if (!cause.get().equals("updated")) {
                    hasRead = true;
                    fail("learned of " + key + " not by its message: " + cause.get());
                    return wanting;
                }
            }
            return null;
        }

        /** Whether it has been told of this session; what came before that has come. */
        void lookFor(String session) {
            if (isDone()) {
                return;
            }
            hear();
            boolean isTold = transitions.stream()
                    .anyMatch(one -> one.path("session_id").asString("").equals(session));
            wanting = isTold ? null : "is told " + transitions + ", and not of " + session;
        }

        @Override
        public String toString() {
            return reader.name() + " " + wanting;
        }
    }

    /** False if a reader has read at a moment at which it should not, and it is not the last attempt. */
    private static boolean isRead(Vector vector, boolean isLast) {
        List<Reading> sound = languages.stream().map(Reading::new).toList();
        Map<Fault, Reading> wrong = new LinkedHashMap<>();
        broken.forEach((fault, reader) -> {
            if (vector.name().equals(PASSED_BY_ALL) || fault.cases().contains(vector.name())) {
                wrong.put(fault, new Reading(reader));
            }
        });
        List<Reading> all =
                Stream.concat(sound.stream(), wrong.values().stream()).toList();
        send(vector.json().path("given"));
        awaitServer(vector);
        all.forEach(one -> one.reader.watch());
        for (Reading one : all) {
            Awaitility.await(one.reader.name() + " is live")
                    .atMost(Duration.ofSeconds(20))
                    .until(one.reader::isLive);
        }
        for (JsonNode step : vector.json().path("then")) {
            send(step.path("redis"));
            Duration longest = step.has("patience_seconds")
                    ? Duration.ofSeconds(step.path("patience_seconds").asLong())
                    : PATIENCE;
            await(vector, sound, all, longest, one -> one.look(step));
            if (step.has("transitions")) {
                // Each once: nothing may come behind them.
                String session = mark();
                await(vector, sound, all, longest, one -> one.lookFor(session));
                for (Reading one : all) {
                    if (!one.failed && !areTold(step.path("transitions"), one.transitions)) {
                        one.fail("is told " + one.transitions);
                    }
                }
            }
            if (!isLast && sound.stream().anyMatch(one -> one.hasRead)) {
                System.out.println(vector + " once more: " + sound);
                return false;
            }
            assertThat(sound).as("%s, %s", vector, step).noneMatch(one -> one.failed);
        }
        wrong.forEach((fault, reading) -> {
            if (reading.failed) {
                System.out.println(vector + " tells that " + fault + ": " + reading.wanting);
            }
            assertThat(reading.failed)
                    .as("%s: whether %s fails: %s", vector, fault, reading)
                    .isEqualTo(!vector.name().equals(PASSED_BY_ALL));
        });
        return true;
    }

    /** Until the server, to which the last of the languages listens, has found what was given: so it is in the snapshot that it sends. */
    private static void awaitServer(Vector vector) {
        JsonNode first = vector.json().path("then").path(0).path("seen");
        Language through = languages.get(languages.size() - 1);
        for (JsonNode command : vector.json().path("given")) {
            String key = command.path(1).asString();
            if (command.path(0).asString().equals("HSET") && !first.path(key).isNull()) {
                Awaitility.await("the server sees " + key)
                        .atMost(PATIENCE)
                        .until(() -> through.seen(key).document() != null);
            }
        }
    }

    /** Until the sound ones are done, and the broken ones too, or have had their time; who is not done then has failed. */
    private static void await(
            Vector vector, List<Reading> sound, List<Reading> all, Duration longest, Consumer<Reading> look) {
        all.stream().filter(one -> !one.failed).forEach(Reading::begin);
        long end = System.nanoTime() + longest.toNanos();
        boolean areSoundDone = false;
        while (!all.stream().allMatch(Reading::isDone) && System.nanoTime() < end) {
            all.forEach(look);
            if (!areSoundDone && sound.stream().allMatch(Reading::isDone)) {
                areSoundDone = true;
                end = System.nanoTime() + MERCY.toNanos();
            }
            pause(vector);
        }
        all.stream().filter(one -> !one.isDone()).forEach(one -> one.fail(String.valueOf(one.wanting)));
    }

    private static void pause(Vector vector) {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(vector + " is interrupted", e);
        }
    }

    /** Publishes a transition behind all others, by way of the log. */
    private static String mark() {
        String session = "stroke_marker_" + ++markers;
        ObjectNode question =
                Fields.JSON.createObjectNode().put("do", "publish").put("channel", "stroke:events:session");
        question.putObject("event")
                .put("type", "session_start")
                .put("session_id", session)
                .put("node_id", "marker")
                .put("timestamp", "2026-11-01T12:00:00Z")
                .put("total_strokes", 1)
                .put("scene_name", "");
        assertThat(languages.get(0).ask(question).has("error")).as(session).isFalse();
        return session;
    }

    /** Whether those that are of the wanted types and of the same session or node are these, in this order, and each once. */
    private static boolean areTold(JsonNode transitions, List<JsonNode> told) {
        List<JsonNode> wanted = transitions.valueStream().toList();
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

    /** A reader that fails this one has more wrong with it than it should have, and what it fails besides says nothing. */
    private static final String PASSED_BY_ALL = "snapshot";

    /** Of a client in one language, a fault that a reader may have, and the cases that must tell. */
    record Fault(String language, String fault, List<String> cases) {
        @Override
        public String toString() {
            return language + " " + fault;
        }
    }

    static List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (String language : List.of("Java", "Python")) {
            faults.add(new Fault(language, "ignores-gaps", List.of("log-missed", "log-lost")));
            faults.add(new Fault(language, "keeps-what-is-gone", List.of("gone", "expired")));
            faults.add(new Fault(language, "takes-what-is-overtaken", List.of("overtaken")));
            faults.add(new Fault(language, "reads-once", List.of("unpublished", "older-node", "went-back")));
            faults.add(new Fault(language, "tells-twice", List.of("older-transition")));
            faults.add(new Fault(language, "deaf", List.of("change", "overtaken", "session")));
        }
        // The server has asked, and dropped, and put in order before; what is left to this client can go wrong here.
        faults.add(new Fault("TypeScript", "ignores-gaps", List.of("log-lost")));
        faults.add(new Fault("TypeScript", "keeps-what-is-gone", List.of("gone", "expired")));
        faults.add(new Fault("TypeScript", "takes-what-is-overtaken", List.of("overtaken")));
        faults.add(new Fault("TypeScript", "reads-once", List.of("change", "gap", "older-node", "went-back")));
        faults.add(new Fault("TypeScript", "tells-twice", List.of("older-transition")));
        faults.add(new Fault("TypeScript", "deaf", List.of("change", "overtaken", "session")));
        faults.add(new Fault("TypeScript", "drops-transitions", List.of("log-missed", "session")));
        return faults;
    }

    @Test
    void whatAFaultNamesIsThere() throws IOException {
        List<String> names = readers().stream().map(Vector::name).toList();
        assertThat(names).contains(PASSED_BY_ALL);
        for (Fault fault : faults()) {
            assertThat(names).as("%s", fault).containsAll(fault.cases());
            assertThat(fault.cases()).as("%s", fault).isNotEmpty().doesNotContain(PASSED_BY_ALL);
        }
        assertThat(faults().stream()
                        .filter(fault -> fault.language().equals("Java"))
                        .map(Fault::fault))
                .containsExactlyInAnyOrderElementsOf(BrokenJava.FAULTS);
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
