package ai.tatbot.state.server.rights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A kind of user of Redis, as a file in the schema's folder {@code roles} describes it. Immutable. */
public final class Role {
    /** Stands for the id of the node that has the role. */
    static final String NODE = "{node_id}";

    private final String name;
    private final String title;
    private final String description;
    private final Map<String, String> commands;
    private final @Nullable String scratch;
    private final List<Right> rights;

    Role(
            String name,
            String title,
            String description,
            Map<String, String> commands,
            @Nullable String scratch,
            List<Right> rights) {
        this.name = name;
        this.title = title;
        this.description = description;
        this.commands = Collections.unmodifiableMap(new LinkedHashMap<>(commands));
        this.scratch = scratch;
        this.rights = List.copyOf(rights);
    }

    /** Such as {@code robot}. */
    public String name() {
        return name;
    }

    public String title() {
        return title;
    }

    /** Who has it. */
    public String description() {
        return description;
    }

    /** Commands beyond those for keys and channels, and what for; a subcommand stands behind {@code |}. */
    public Map<String, String> commands() {
        return commands;
    }

    /** Namespace in which a node may do whatever is done with keys and channels, and remove keys; empty if it has none. */
    public Optional<String> scratch(String nodeId) {
        return Optional.ofNullable(scratch).map(template -> template.replace(NODE, nodeId));
    }

    /**
     * What a node of this role may do, its scratch namespace aside.
     *
     * @param nodeId letters, digits, {@code _}, {@code .} and {@code -}; else it could be a pattern
     * @param namespace prefix of keys and channels, empty for none
     * @throws IllegalArgumentException if the node's id is none
     */
    public List<Right> rights(String nodeId, String namespace) {
        if (!nodeId.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")) {
            throw new IllegalArgumentException("no node id: letters, digits, _, . and -, at most 64 characters");
        }
        String prefix = namespace.isEmpty() ? "" : namespace + ":";
        List<Right> mine = new ArrayList<>();
        for (Right right : rights) {
            // What Redis itself says has no namespace.
            String pattern = right.pattern().startsWith("__") ? right.pattern() : prefix + right.pattern();
            Right one = new Right(right.verb(), pattern.replace(NODE, nodeId), right.keyType(), right.why());
            if (mine.stream().noneMatch(other -> other.covers(one))) {
                mine.removeIf(one::covers);
                mine.add(one);
            }
        }
        return List.copyOf(mine);
    }

    @Override
    public String toString() {
        return name;
    }
}
