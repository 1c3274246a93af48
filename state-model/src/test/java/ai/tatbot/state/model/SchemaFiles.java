package ai.tatbot.state.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema folder, as it lies beside this module. */
final class SchemaFiles {
    static final JsonMapper MAPPER = JsonMapper.shared();

    private static final Path ROOT = Path.of("../schema");

    private SchemaFiles() {}

    /** Base names of the JSON files of a folder; there are some, or the test fails. */
    static List<String> in(String folder) {
        try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.replace(".json", ""))
                    .sorted()
                    .toList();
            if (names.isEmpty()) {
                throw new AssertionError("no files in " + folder);
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String file) {
        try {
            return Files.readAllBytes(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode read(String file) {
        return MAPPER.readTree(bytes(file));
    }

    static JsonNode parse(byte[] json) {
        return MAPPER.readTree(json);
    }

    /** The part of a path at this place: 1 of {@code models/robot-state/valid} is {@code robot-state}. */
    static String part(String path, int index) {
        return Path.of(path).getName(index).toString();
    }

    /** {@code session-start} or {@code session_start} as {@code SessionStart}. */
    static String pascal(String name) {
        return Arrays.stream(name.split("[-_]"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    static String camel(String name) {
        String pascal = pascal(name);
        return pascal.substring(0, 1).toLowerCase(Locale.ROOT) + pascal.substring(1);
    }
}
