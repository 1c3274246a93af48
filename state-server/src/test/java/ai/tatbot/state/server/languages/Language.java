package ai.tatbot.state.server.languages;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A client of the fleet's state in one language. */
interface Language extends AutoCloseable {
    /** What is stored, or seen. */
    record Seen(@Nullable ObjectNode document, OptionalLong revision) {}

    String name();

    /**
     * How the watch learned of a document.
     *
     * @param cause {@code updated} by the message that carried it; anything else by reading
     */
    record Learned(String key, OptionalLong revision, String cause) {}

    /**
     * What a watch has told.
     *
     * @param transitions in order: each event, and where some are lost {@code {"type":"lost","count":n}}
     */
    record Told(List<JsonNode> transitions, List<Learned> learned) {}

    /**
     * Whether a document is valid by its model. In Java and Python the verdict is that of their generated code. TypeScript's client has
     * no code that validates: the verdict is Ajv's over the packaged schema files, by which such a program may check what it sends; and
     * what it sends all the same is refused by the server, which {@link #write} tells.
     */
    boolean accepts(String schema, ObjectNode document);

    /** Stores it. Empty if it is refused as invalid, with the reason or code for that; whatever else goes wrong is thrown. */
    OptionalLong write(String key, ObjectNode document);

    Seen read(String key);

    /** Begins to watch everything. */
    void watch();

    /** What the watch knows now. */
    Seen seen(String key);

    boolean isLive();

    /** What the watch has told since the last ask. */
    Told told();

    /** Does what {@code schema/python/agent.py} has a list of, and answers as that does. */
    JsonNode ask(ObjectNode question);

    @Override
    void close();
}
