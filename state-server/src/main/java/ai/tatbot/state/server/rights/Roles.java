package ai.tatbot.state.server.rights;

import ai.tatbot.state.model.RedisType;
import ai.tatbot.state.server.schema.SchemaFile;
import ai.tatbot.state.server.schema.SchemaFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The roles of the schema. Which keys and channels they may use stands in the files of these. Immutable. */
public final class Roles {
    private final Map<String, Role> roles = new LinkedHashMap<>();

    private Roles(SchemaFiles files) {
        for (SchemaFile file : files.in("roles")) {
            Role role = read(files, file.tree());
            roles.put(role.name(), role);
        }
    }

    /** Those that come with this program. */
    public static Roles packaged() {
        return Packaged.ROLES;
    }

    /** All of them, by name. */
    public List<Role> all() {
        return List.copyOf(roles.values());
    }

    /** The role of this name. */
    public Optional<Role> find(String name) {
        return Optional.ofNullable(roles.get(name));
    }

    /** @throws IllegalArgumentException if there is no role of this name */
    public Role role(String name) {
        return find(name)
                .orElseThrow(() ->
                        new IllegalArgumentException("there is no role " + name + "; there are " + roles.keySet()));
    }

    private static Role read(SchemaFiles files, JsonNode file) {
        Map<String, String> commands = new LinkedHashMap<>();
        String scratch = null;
        List<Right> rights = new ArrayList<>();
        for (JsonNode one : withIncluded(files, file)) {
            commands.putAll(texts(one.path("commands")));
            scratch = one.has("scratch") ? one.path("scratch").asString() : scratch;
            texts(one.path("listens"))
                    .forEach((pattern, why) -> rights.add(new Right(Verb.LISTEN, pattern, null, why)));
        }
        Set<String> names = withIncluded(files, file).stream()
                .map(one -> one.path("name").asString())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        for (SchemaFile key : files.in("keys")) {
            RedisType type =
                    RedisType.valueOf(key.tree().path("redis_type").asString().toUpperCase(Locale.ROOT));
            rights.addAll(granted(key.tree(), "readers", names, Verb.READ, type));
            rights.addAll(granted(key.tree(), "writers", names, Verb.WRITE, type));
        }
        for (SchemaFile channel : files.in("channels")) {
            rights.addAll(granted(channel.tree(), "publishers", names, Verb.PUBLISH, null));
            rights.addAll(granted(channel.tree(), "listeners", names, Verb.LISTEN, null));
        }
        return new Role(
                file.path("name").asString(),
                file.path("title").asString(),
                file.path("description").asString(),
                commands,
                scratch,
                rights);
    }

    /** The included ones first. */
    private static List<JsonNode> withIncluded(SchemaFiles files, JsonNode role) {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode name : role.path("includes")) {
            all.add(files.find("roles/" + name.asString().replace('_', '-') + ".json")
                    .orElseThrow()
                    .tree());
        }
        all.add(role);
        return all;
    }

    private static List<Right> granted(
            JsonNode file, String list, Set<String> names, Verb verb, @Nullable RedisType type) {
        List<Right> rights = new ArrayList<>();
        for (JsonNode grant : file.path(list)) {
            if (names.contains(grant.path("role").asString())) {
                rights.add(new Right(
                        verb, pattern(file, grant), type, grant.path("why").asString()));
            }
        }
        return rights;
    }

    private static String pattern(JsonNode file, JsonNode grant) {
        String pattern = file.path("template").asString();
        for (String parameter : file.path("parameters").propertyNames()) {
            String own = grant.path("own").path(parameter).asString("*");
            pattern = pattern.replace("{" + parameter + "}", own);
        }
        return pattern;
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.propertyStream()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString()));
        return texts;
    }

    private static final class Packaged {
        static final Roles ROLES = new Roles(SchemaFiles.packaged());
    }
}
