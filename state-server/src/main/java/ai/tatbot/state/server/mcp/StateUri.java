package ai.tatbot.state.server.mcp;

import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Addresses of resources, and how they belong to keys. */
final class StateUri {
    static final String STATUS = "state://status";
    static final String PROGRESS = "state://stroke/progress";
    static final String SCHEMA = "schema://";
    static final String NODE_ID = "node_id";

    private static final String HEALTH = "state://health/";
    private static final String ROBOT = "state://robot/";

    /** Templates of the resources of a node, with the kind of document that each shows. */
    static final Map<String, KeyKind<?>> OF_NODE = Map.of(
            HEALTH + "{" + NODE_ID + "}", Keys.NODE_HEALTH,
            ROBOT + "{" + NODE_ID + "}", Keys.ROBOT_STATE);

    private static final Map<String, KeyKind<?>> PREFIXES = Map.of(HEALTH, Keys.NODE_HEALTH, ROBOT, Keys.ROBOT_STATE);

    private StateUri() {}

    /** The document of a node that a resource shows; empty if it shows something else. */
    static Optional<Key<?>> document(String uri) {
        for (Map.Entry<String, KeyKind<?>> prefix : PREFIXES.entrySet()) {
            if (uri.startsWith(prefix.getKey())) {
                KeyKind<?> kind = prefix.getValue();
                String id = uri.substring(prefix.getKey().length());
                return kind.parse(kind.template().replace("{" + NODE_ID + "}", id))
                        .map(key -> key);
            }
        }
        return Optional.empty();
    }

    /** The resources that show a document, besides the status. */
    static List<String> showing(Key<?> key) {
        if (key.kind().equals(Keys.NODE_HEALTH)) {
            return List.of(HEALTH + key.id());
        }
        if (key.kind().equals(Keys.ROBOT_STATE)) {
            return List.of(ROBOT + key.id());
        }
        return key.kind().equals(Keys.STROKE_PROGRESS) ? List.of(PROGRESS) : List.of();
    }
}
