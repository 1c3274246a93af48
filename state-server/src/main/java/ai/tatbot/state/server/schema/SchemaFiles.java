package ai.tatbot.state.server.schema;

import ai.tatbot.state.server.resource.ResourceFolder;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Every file of the schema, as the jar {@code state-schema} carries it. Which files there are is found out by looking, so none can be
 * forgotten here. Immutable.
 */
public final class SchemaFiles {
    static final String EXTENSION = ".json";

    private static final String LANDMARK = "meta/dialect.json";
    private static final ResourceFolder FOLDER = new ResourceFolder("/ai/tatbot/state/schema/", LANDMARK);

    /** The cases of conformance are beside it, and no schemas. */
    private static final Pattern PATH = Pattern.compile("(?!conformance/)[a-z]+/[a-z]+(-[a-z]+)*[.]json");

    private final String base;
    private final Map<String, SchemaFile> files = new TreeMap<>();

    private SchemaFiles() {
        String landmark = SchemaFile.parse(FOLDER.read(LANDMARK)).get("$id").asString();
        this.base = landmark.substring(0, landmark.length() - LANDMARK.length());
        for (String path : FOLDER.paths()) {
            if (PATH.matcher(path).matches()) {
                files.put(path, new SchemaFile(base, path, FOLDER.read(path)));
            }
        }
    }

    /** Those on the class path. Read when first asked for, and kept. */
    public static SchemaFiles packaged() {
        return Packaged.FILES;
    }

    /** All of them, by folder and name. */
    public List<SchemaFile> all() {
        return List.copyOf(files.values());
    }

    /** Those of one folder, by name. */
    public List<SchemaFile> in(String folder) {
        return files.values().stream()
                .filter(file -> file.folder().equals(folder))
                .toList();
    }

    /** The file at this path, such as {@code models/robot-state.json}. */
    public Optional<SchemaFile> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** What every address begins with, such as {@code https://example.org/schema/state/v1/}. */
    public String base() {
        return base;
    }

    /** The same without the host, such as {@code /schema/state/v1/}. */
    public String basePath() {
        return URI.create(base).getPath();
    }

    private static final class Packaged {
        static final SchemaFiles FILES = new SchemaFiles();
    }
}
