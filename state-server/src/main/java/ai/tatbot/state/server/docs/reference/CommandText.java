package ai.tatbot.state.server.docs.reference;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Commands of the cases, as people read them and as they go over the wire. */
final class CommandText {
    private static final Pattern MARK = Pattern.compile("\\{([a-z][a-z0-9_]*(?::[a-z]+)?)\\}");
    private static final int FIRST_KEY = 3;

    private final JsonNode placeholders =
            ClassPathText.schema("conformance/placeholders.json").path("placeholders");
    private final ProtocolScripts scripts;

    CommandText(ProtocolScripts scripts) {
        this.scripts = scripts;
    }

    /** Its words; one that is JSON without its opening brace lacks it. */
    static List<String> words(JsonNode command) {
        List<String> words = new ArrayList<>();
        for (JsonNode word : command) {
            if (word.isString()) {
                words.add(word.asString());
            } else if (word.has("json")) {
                words.add(json(word.path("json")));
            } else {
                words.add(json(word.path("tail")).substring(1));
            }
        }
        return words;
    }

    /** JSON without blanks; a placeholder of a number without quotes. */
    static String json(JsonNode value) {
        return ClassPathText.JSON
                .writeValueAsString(value)
                .replaceAll("\"(\\{(?:last_)?(?:rev|seq|ttl_ms)(?:_[0-9]+)?\\})\"", "$1");
    }

    /** A script's words one below the other, with their places; any other command in one line. */
    static String said(JsonNode command) {
        List<String> words = words(command);
        if (!words.get(0).startsWith("EVAL")) {
            return line(words);
        }
        StringBuilder out = new StringBuilder(line(words.subList(0, FIRST_KEY)));
        int keys = Integer.parseInt(words.get(2));
        for (int i = FIRST_KEY; i < words.size(); i++) {
            int place = i - FIRST_KEY + 1;
            String label = place <= keys ? "KEYS[" + place + "]" : "ARGV[" + (place - keys) + "]";
            out.append('\n').append(String.format("  %-9s %s", label, quoted(words.get(i))));
        }
        return out.toString();
    }

    /** In one line, as one would type it. */
    static String line(List<String> words) {
        return String.join(" ", words.stream().map(CommandText::quoted).toList());
    }

    private static String quoted(String word) {
        boolean plain = !word.isEmpty() && word.chars().noneMatch(c -> c <= ' ' || c == '\'');
        return plain ? word : "'" + word.replace("'", "\\'") + "'";
    }

    /** With an example in the place of each placeholder. */
    String filled(String text) {
        return MARK.matcher(text).replaceAll(mark -> Matcher.quoteReplacement(example(mark.group(1))));
    }

    private String example(String name) {
        if (name.startsWith("sha:")) {
            return scripts.sha1(name.substring("sha:".length()));
        }
        String base = name.replaceFirst("_[0-9]+$", "");
        JsonNode kind =
                placeholders.has(base) ? placeholders.path(base) : placeholders.path(base.replaceFirst("^last_", ""));
        return kind.path("example").asString();
    }

    /** As bytes, of which those that end a line are shown. */
    String bytes(JsonNode command) {
        List<String> words = words(command);
        StringBuilder out = new StringBuilder("*" + words.size() + "\\r\\n\n");
        for (String word : words) {
            String filled = filled(word);
            out.append('$')
                    .append(filled.getBytes(StandardCharsets.UTF_8).length)
                    .append("\\r\\n")
                    .append(filled)
                    .append("\\r\\n\n");
        }
        return out.toString().stripTrailing();
    }

    /** What each stands for. */
    String placeholders() {
        StringBuilder out = new StringBuilder("| placeholder | what it is | pattern | example |\n|---|---|---|---|\n");
        placeholders.forEachEntry((name, kind) -> {
            if (!name.equals("text") && !name.equals("info")) {
                out.append("| `{")
                        .append(name)
                        .append("}` | ")
                        .append(kind.path("about").asString())
                        .append(" | `")
                        .append(kind.path("pattern").asString().replace("|", "\\|"))
                        .append("` | `")
                        .append(kind.path("example").asString())
                        .append("` |\n");
            }
        });
        return out.toString();
    }
}
