package ai.tatbot.state.server.languages;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.server.languages.Language.Seen;
import ai.tatbot.state.server.languages.Mutations.Mutation;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Python, Java and TypeScript on one Redis: each writes, each reads, each watches, and the same documents are refused in all of them. In
 * Java and Python by the client's own code; for TypeScript, whose client has none, by Ajv with the packaged schemas and by the server.
 */
class LanguagesIT {
    private static final int DOCUMENTS = Integer.getInteger("tatbot.test.languages.documents", 10_000);
    private static final long SEED = Long.getLong("tatbot.test.languages.seed", 20_261_126);

    /** Many documents for each key, that writers meet. */
    private static final int KEYS = 50;

    /** After so many documents it is looked what each watch shows of those that were written since. */
    private static final int LOOK_EVERY = 100;

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

    private static final String OLD_SESSION = "stroke_hog_1755547777";

    private record Kind(Fields fields, String prefix) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(Fields.of("models/robot-state"), "robot:state:any"),
            new Kind(Fields.of("models/node-health"), "node:health:any"),
            new Kind(Fields.of("models/stroke-progress"), "stroke:progress:any"));

    @Test
    void whatOneWritesAllReadAndSee() {
        RandomDocuments random = new RandomDocuments(SEED);
        Map<String, Written> latest = new HashMap<>();
        Map<String, Written> since = new HashMap<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            Kind kind = KINDS.get(i % KINDS.size());
            String key = kind.prefix() + (i / KINDS.size() % KEYS);
            ObjectNode document = random.next(kind.fields());
            own(document, key);
            Language writer = languages.get(i / 7 % languages.size());
            OptionalLong revision = writer.write(key, document);
            assertThat(revision)
                    .as("%s refuses a valid document, number %s: %s", writer.name(), i, document)
                    .isPresent();
            latest.put(key, new Written(kind, document, revision));
            since.put(key, new Written(kind, document, revision));
            for (Language reader : languages) {
                if (reader == writer || i % 10 == 0) {
                    assertSame(
                            reader.name() + " reads what " + writer.name() + " wrote, number " + i,
                            kind,
                            document,
                            revision,
                            reader.read(key));
                }
            }
            // Whoever did not write it, by turns, so that each pair meets.
            Language other = languages.get((i / 7 + 1 + i % 2) % languages.size());
            assertSame(
                    other.name() + " reads what " + writer.name() + " wrote, number " + i,
                    kind,
                    document,
                    revision,
                    other.read(key));
            if (i % LOOK_EVERY == LOOK_EVERY - 1) {
                assertAllSee(since);
                since.clear();
            }
        }
        System.out.println(DOCUMENTS + " documents, seed " + SEED);
        assertAllSee(latest);
        for (Language watcher : languages) {
            assertThat(watcher.isLive()).as(watcher.name()).isTrue();
        }
    }

    private record Written(Kind kind, ObjectNode document, OptionalLong revision) {}

    private static void assertAllSee(Map<String, Written> written) {
        for (Language watcher : languages) {
            written.forEach((key, one) -> {
                Awaitility.await(watcher.name() + " sees " + key)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(20))
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> watcher.seen(key).revision().equals(one.revision()));
                assertSame(
                        watcher.name() + " sees " + key, one.kind(), one.document(), one.revision(), watcher.seen(key));
            });
        }
    }

    /** Written by redis-py alone, as nodes from before there were revisions do: without one, with null for what is not known. */
    @Test
    void whatAnOldNodeWroteAllReadAndSee() {
        fleet.oldNode("write", "hog", OLD_SESSION);
        fleet.oldNode("publish", "hog", OLD_SESSION);
        Map<String, Kind> written = Map.of(
                "robot:state:hog",
                KINDS.get(0),
                "node:health:hog",
                KINDS.get(1),
                "stroke:progress:" + OLD_SESSION,
                KINDS.get(2));
        for (Language reader : languages) {
            written.forEach((key, kind) -> {
                ObjectNode document = fleet.stored(key);
                String what = reader.name() + " reads what an old node wrote under " + key;
                assertSame(what, kind, document, OptionalLong.empty(), reader.read(key));
                Awaitility.await(reader.name() + " sees what an old node wrote under " + key)
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> reader.seen(key).document() != null);
                assertSame(what, kind, document, OptionalLong.empty(), reader.seen(key));
            });
        }
        fleet.oldNode("rewrite", "hog", OLD_SESSION, "6", "7");
        for (Language reader : languages) {
            Awaitility.await(reader.name() + " sees what an old node wrote without telling anyone")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        ObjectNode seen =
                                reader.seen("stroke:progress:" + OLD_SESSION).document();
                        return seen != null && seen.path("stroke_idx").asInt() == 6;
                    });
        }
    }

    /** What stands under a node's key is that node's. */
    private static void own(ObjectNode document, String key) {
        if (!key.startsWith("stroke:")) {
            document.put("node_id", key.substring(key.lastIndexOf(':') + 1));
        }
    }

    private static void assertSame(String what, Kind kind, ObjectNode written, OptionalLong revision, Seen seen) {
        assertThat(seen.revision()).as(what).isEqualTo(revision);
        assertThat(seen.document()).as(what).isNotNull();
        assertThat(canonical(kind.fields(), seen.document())).as(what).isEqualTo(canonical(kind.fields(), written));
    }

    /** Each field as what it means: absent is its default, 1.0 is 1, -0.0 is 0, a time is a moment, in UTC if it does not say. */
    private static Map<String, @Nullable Object> canonical(Fields fields, @Nullable ObjectNode document) {
        Map<String, @Nullable Object> values = new TreeMap<>();
        fields.schemas().forEach((name, schema) -> {
            JsonNode value = document == null ? null : document.get(name);
            if (value == null || value.isNull()) {
                value = schema.get("default");
            }
            boolean isTime = schema.path("format").asString("").equals("utc-time");
            values.put(name, isTime && value != null && !value.isNull() ? moment(value.asString()) : meaning(value));
        });
        return values;
    }

    private static Instant moment(String text) {
        boolean hasOffset = text.matches(".*(Z|[+-][0-9]{2}:[0-9]{2})");
        return OffsetDateTime.parse(hasOffset ? text : text + "Z").toInstant();
    }

    private static @Nullable Object meaning(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isNumber()) {
            return new BigDecimal(value.asString()).stripTrailingZeros();
        }
        if (value.isArray()) {
            List<@Nullable Object> values = new ArrayList<>();
            value.forEach(one -> values.add(meaning(one)));
            return values;
        }
        if (value.isObject()) {
            Map<String, @Nullable Object> values = new TreeMap<>();
            value.forEachEntry((name, one) -> values.put(name, meaning(one)));
            return values;
        }
        return value.isBoolean() ? value.asBoolean() : value.asString();
    }

    /** For each field and keyword a document that breaks it alone; and the valid one. What gives the verdict: {@link Language#accepts}. */
    @Test
    void allGiveTheSameVerdict() throws IOException {
        List<String> differing = new ArrayList<>();
        int mutations = 0;
        for (String path : paths()) {
            Fields fields = Fields.of(path);
            ObjectNode valid = complete(fields);
            for (Language language : languages) {
                if (!language.accepts(path, valid)) {
                    differing.add(language.name() + " refuses a valid " + path + ": " + valid);
                }
            }
            for (Mutation mutation : Mutations.of(fields, valid)) {
                mutations++;
                for (Language language : languages) {
                    if (language.accepts(path, mutation.document())) {
                        differing.add(
                                language.name() + " accepts " + path + " " + mutation + ": " + mutation.document());
                    }
                }
            }
        }
        assertThat(differing).isEmpty();
        System.out.println(mutations + " mutations of " + paths().size()
                + " schemas refused by Java, Python, and Ajv for TypeScript");
        assertThat(mutations).isGreaterThan(300);
    }

    /** And nobody stores one: for TypeScript it is the server that refuses, by the code {@code invalid_value} and the status 422. */
    @Test
    void nobodyStoresAnInvalidDocument() {
        List<String> stored = new ArrayList<>();
        for (Kind kind : KINDS) {
            String key = kind.prefix() + "-invalid";
            ObjectNode valid = complete(kind.fields());
            own(valid, key);
            for (Language language : languages) {
                assertThat(language.write(key, valid))
                        .as("%s stores a valid %s", language.name(), key)
                        .isPresent();
            }
            for (Mutation mutation : Mutations.of(kind.fields(), valid)) {
                for (Language language : languages) {
                    if (language.write(key, mutation.document()).isPresent()) {
                        stored.add(language.name() + " stores " + kind.fields().path() + " " + mutation);
                    }
                }
            }
        }
        assertThat(stored).isEmpty();
    }

    /** A valid document with each field set. */
    private static ObjectNode complete(Fields fields) {
        RandomDocuments random = new RandomDocuments(SEED);
        ObjectNode document = random.next(fields);
        for (int i = 0; i < 1_000; i++) {
            ObjectNode more = random.next(fields);
            more.forEachEntry((name, value) -> {
                if (!document.has(name) || document.path(name).isNull()) {
                    document.set(name, value);
                }
            });
        }
        return document;
    }

    private static List<String> paths() throws IOException {
        List<String> paths = new ArrayList<>();
        for (String folder : List.of("models", "events")) {
            try (Stream<Path> files = Files.list(Path.of("..", "schema", folder))) {
                files.map(file -> folder + "/" + file.getFileName().toString().replace(".json", ""))
                        .filter(path -> !path.equals("models/base") && !path.equals("events/event"))
                        .sorted()
                        .forEach(paths::add);
            }
        }
        return paths;
    }
}
