package ai.tatbot.state.server.languages;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What stands in a case for that which differs from run to run: {@code {session_id}}, {@code {sha:write}}. The first value that one
 * is met with must match its pattern, and all others in that case must be the same.
 */
final class Placeholders {
    private static final Pattern MARK = Pattern.compile("\\{([a-z][a-z0-9_]*(?::[a-z]+)?)\\}");
    private static final JsonNode KNOWN = Fields.JSON
            .readTree(
                    Path.of("..", "schema", "conformance", "placeholders.json").toFile())
            .path("placeholders");

    private final Map<String, String> bound = new HashMap<>();

    Placeholders() {
        Scripts.texts().forEach((name, text) -> {
            bound.put("sha:" + name, Scripts.sha1(text));
            bound.put("text:" + name, text);
        });
    }

    private Placeholders(Placeholders other) {
        bound.putAll(other.bound);
    }

    Placeholders copy() {
        return new Placeholders(this);
    }

    void become(Placeholders other) {
        bound.clear();
        bound.putAll(other.bound);
    }

    void bind(String name, String value) {
        bound.put(name, value);
    }

    /** A text with the values that are known in the place of their names. */
    String filled(String template) {
        return MARK.matcher(template)
                .replaceAll(mark -> Matcher.quoteReplacement(bound.getOrDefault(mark.group(1), mark.group())));
    }

    /** What is said of a name; those with {@code last_} before, or a number behind, are of the same kind. */
    static JsonNode kind(String name) {
        String base = name.replaceFirst("_[0-9]+$", "");
        if (KNOWN.has(base)) {
            return KNOWN.path(base);
        }
        String kind = base.replaceFirst("^last_", "");
        if (!KNOWN.has(kind)) {
            throw new IllegalArgumentException(name + " is no placeholder of placeholders.json");
        }
        return KNOWN.path(kind);
    }

    /** The name, if a text is nothing but one. */
    static @Nullable String name(String template) {
        Matcher mark = MARK.matcher(template);
        return mark.matches() ? mark.group(1) : null;
    }

    /** Whether a text is what a case says; binds what it meets for the first time. */
    boolean matches(String template, String actual) {
        StringBuilder pattern = new StringBuilder();
        Map<String, String> groups = new LinkedHashMap<>();
        Matcher marks = MARK.matcher(template);
        int from = 0;
        while (marks.find()) {
            pattern.append(Pattern.quote(template.substring(from, marks.start())));
            from = marks.end();
            String name = marks.group(1);
            String value = bound.get(name);
            if (value != null) {
                pattern.append(Pattern.quote(value));
            } else if (groups.containsKey(name)) {
                pattern.append("\\k<").append(groups.get(name)).append('>');
            } else {
                String group = "g" + groups.size();
                groups.put(name, group);
                pattern.append("(?<").append(group).append('>');
                pattern.append(kind(name).path("pattern").asString()).append(')');
            }
        }
        pattern.append(Pattern.quote(template.substring(from)));
        Matcher match = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(actual);
        if (!match.matches()) {
            return false;
        }
        groups.forEach((name, group) -> bound.put(name, match.group(group)));
        return true;
    }
}
