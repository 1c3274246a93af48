package ai.tatbot.state.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of this module, by paths such as {@code models/robot-state.json}. */
final class SchemaFiles {
    static final String BASE = "https://tatbot.ai/schema/state/v1/";
    static final List<String> SCHEMA_FOLDERS = List.of("types", "models", "events");
    static final List<String> NAME_FOLDERS = List.of("keys", "channels");

    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private SchemaFiles() {}

    /** Files in these folders; each folder has some, or the test fails. */
    static List<String> in(List<String> folders) {
        return folders.stream().flatMap(folder -> in(folder).stream()).toList();
    }

    /** Files in a folder; there are some, or the test fails. */
    static List<String> in(String folder) {
        List<String> files = entries(folder).stream()
                .filter(name -> name.endsWith(".json"))
                .map(name -> folder + "/" + name)
                .toList();
        assertThat(files).as("files in %s", folder).isNotEmpty();
        return files;
    }

    /** Names of files and folders in a folder, in order. */
    static List<String> entries(String folder) {
        try (Stream<Path> entries = Files.list(ROOT.resolve(folder))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + folder, e);
        }
    }

    static boolean exists(String path) {
        return Files.exists(ROOT.resolve(path));
    }

    static String text(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        }
    }

    static JsonNode read(String path) {
        return parse(text(path));
    }

    static JsonNode parse(String json) {
        return JSON.readTree(json);
    }

    /** The file that a reference in another file means, without its fragment. */
    static String target(String from, String reference) {
        return Path.of(from)
                .resolveSibling(reference.replaceFirst("#.*", ""))
                .normalize()
                .toString()
                .replace('\\', '/');
    }

    /** {@code models/robot-state.json} becomes {@code robot-state}. */
    static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1).replaceFirst("[.]json$", "");
    }
}
