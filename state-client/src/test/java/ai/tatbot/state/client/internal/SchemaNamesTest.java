package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every field of Redis that a script or a class names is in the schema's key files, so that they cannot drift apart. */
class SchemaNamesTest {
    private static final Path KEYS = Path.of("..", "schema", "keys");
    private static final Path SOURCES = Path.of("src", "main", "java", "ai", "tatbot", "state", "client", "internal");
    private static final JsonMapper JSON = new JsonMapper();

    /** What the scripts quote besides fields of hashes: marks of their own, a type of Lua, and the fields of the log. */
    private static final Set<String> NO_FIELDS = Set.of("new", "t", "table", "channel", "event", "number");

    /** Fields of the schema's keys, by the name of the key's family. */
    private static Map<String, Set<String>> schema() {
        Map<String, Set<String>> fields = new TreeMap<>();
        try (Stream<Path> files = Files.list(KEYS)) {
            for (Path file : files.toList()) {
                JsonNode key = JSON.readTree(Files.readString(file));
                if (key.has("fields")) {
                    fields.put(
                            key.get("name").asString(),
                            new TreeSet<>(key.get("fields").propertyNames()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fields;
    }

    private static Set<String> fields(String... kinds) {
        Map<String, Set<String>> schema = schema();
        return Stream.of(kinds)
                .flatMap(kind -> schema.getOrDefault(kind, Set.of()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String script(String name) {
        try (InputStream in = SchemaNamesTest.class.getResourceAsStream(name)) {
            // Without comments.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("--[^\n]*", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The words in lower case that a text has in quotes, alone. */
    private static Set<String> quoted(String text, char quote) {
        return Pattern.compile(quote + "([a-z][a-z_]*)" + quote)
                .matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"write.lua", "update.lua"})
    void theWritingScriptsNameFieldsOfTheDocumentsHashes(String name) {
        Set<String> named = quoted(script(name), '\'');
        named.removeAll(NO_FIELDS);
        WriteArguments.HISTORY_FIELDS.forEach(field -> named.remove(Namespace.text(field)));
        assertThat(named).contains("rev", "last_updated", "fence");
        assertThat(fields("stroke_progress")).containsAll(named);
        // The history has the revision in common with the hash.
        assertThat(fields("stroke_history")).contains("rev");
        // What all documents have, robots and nodes too; lease and fence belong to sessions.
        named.removeAll(Set.of("fence", "lease_until"));
        assertThat(fields("robot_state")).containsAll(named);
        assertThat(fields("node_health")).containsAll(named);
    }

    @Test
    void theLogHasTheSchemasFields() {
        assertThat(quoted(script("log.lua"), '\'')).containsAll(fields("events_log"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lease.lua", "reap.lua"})
    void theScriptsOfLeasesNameFieldsOfTheSessionsHash(String name) {
        Set<String> named = quoted(script(name), '\'');
        named.removeAll(NO_FIELDS);
        assertThat(named).contains("fence", "lease_until");
        assertThat(fields("stroke_progress")).containsAll(named);
    }

    @Test
    void theScriptsOfTurnsNameTheFieldsOfLiveness() {
        Set<String> beats = quoted(script("heartbeat.lua"), '\'');
        beats.removeAll(NO_FIELDS);
        assertThat(beats).containsAll(fields("liveness"));
        beats.removeAll(fields("liveness"));
        assertThat(beats).containsExactlyInAnyOrder("rev", "last_updated", NodeLiveness.ONLINE);
        assertThat(quoted(script("liveness.lua"), '\'')).containsAll(fields("liveness"));
        assertThat(fields("liveness"))
                .containsAll(
                        Stream.of(NodeLiveness.fields()).map(Namespace::text).toList());
    }

    @Test
    void theHistoryHasTheSchemasFields() throws IOException {
        List<String> values =
                WriteArguments.HISTORY_FIELDS.stream().map(Namespace::text).toList();
        Set<String> written = new TreeSet<>(values);
        written.add("rev");
        assertThat(written).isEqualTo(fields("stroke_history"));
        List<String> named = Pattern.compile("'([a-z_]+)', ARGV\\[([0-9]+)]")
                .matcher(script("update.lua"))
                .results()
                .filter(result -> Integer.parseInt(result.group(2)) >= 8)
                .map(result -> result.group(1))
                .toList();
        assertThat(named).isEqualTo(values);
        Set<String> read = quoted(Files.readString(SOURCES.resolve("HistoryReader.java")), '"');
        assertThat(fields("stroke_history")).containsAll(read);
        assertThat(read).contains("stroke_idx", "pose_idx", "node_id");
    }

    @Test
    void theReaderNamesFieldsOfEveryDocument() throws IOException {
        Set<String> named = quoted(Files.readString(SOURCES.resolve("DocumentReader.java")), '"');
        assertThat(named).containsExactlyInAnyOrder("last_updated", "rev");
        for (String kind : Set.of("robot_state", "stroke_progress", "node_health")) {
            assertThat(fields(kind)).containsAll(named);
        }
    }
}
