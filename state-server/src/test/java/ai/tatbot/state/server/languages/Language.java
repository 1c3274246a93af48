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

    /** Whether this language's own code accepts a document, by its model. */
    boolean accepts(String schema, ObjectNode document);

    /** Stores it. Empty if it is refused as invalid. */
    OptionalLong write(String key, ObjectNode document);

    Seen read(String key);

    /** Begins to watch everything. */
    void watch();

    /** What the watch knows now. */
    Seen seen(String key);

    boolean isLive();

    /**
     * The transitions that the watch has told since the last ask, in order: each event, and where some are lost {@code {"type":"lost",
     * "count":n}}.
     */
    List<JsonNode> transitions();

    /** Does what {@code schema/python/agent.py} has a list of, and answers as that does. */
    JsonNode ask(ObjectNode question);

    @Override
    void close();
}
