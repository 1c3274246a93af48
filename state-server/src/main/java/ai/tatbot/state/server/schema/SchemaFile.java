package ai.tatbot.state.server.schema;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One file of the schema: a type, a model, an event, a key, a channel, or a rule for those. Immutable. */
public final class SchemaFile {
    private static final JsonMapper JSON = new JsonMapper();

    private final String folder;
    private final String name;
    private final String id;
    private final byte[] bytes;
    private final ObjectNode tree;

    SchemaFile(String base, String path, byte[] bytes) {
        int slash = path.indexOf('/');
        this.folder = path.substring(0, slash);
        this.name = path.substring(slash + 1, path.length() - SchemaFiles.EXTENSION.length());
        this.id = base + path;
        this.bytes = bytes;
        this.tree = parse(bytes);
    }

    static ObjectNode parse(byte[] json) {
        return (ObjectNode) JSON.readTree(json);
    }

    /** Such as {@code models}. */
    public String folder() {
        return folder;
    }

    /** Such as {@code robot-state}. */
    public String name() {
        return name;
    }

    /** Folder and file, such as {@code models/robot-state.json}: its address below that of the schema. */
    public String path() {
        return folder + "/" + name + SchemaFiles.EXTENSION;
    }

    /** Its absolute address. Keys and channels have one too, although it does not stand in them. */
    public String id() {
        return id;
    }

    /** Whether it is a JSON Schema; keys and channels are written by rules of their own. */
    public boolean isJsonSchema() {
        return tree.has("$id");
    }

    public String title() {
        return text("title");
    }

    public String description() {
        return text("description");
    }

    private String text(String field) {
        JsonNode value = tree.get(field);
        return value == null ? "" : value.asString();
    }

    /** A copy of its contents. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Its contents as text. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Its contents as a tree of the caller's own. */
    public ObjectNode tree() {
        return tree.deepCopy();
    }

    @Override
    public String toString() {
        return path();
    }
}
