package ai.tatbot.state.server.docs.reference;

import ai.tatbot.state.server.resource.ResourceFolder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** An enumeration of the program, with the comment of each of its values: what a comment says is written once. */
final class CommentedEnum {
    private static final ResourceFolder PROJECT =
            new ResourceFolder("/ai/tatbot/state/server/docs/project/", "README.md");
    private static final Pattern VALUE = Pattern.compile(
            "/\\*\\*(?<comment>(?:(?!\\*/).)*)\\*/\\s+(?<name>[A-Z][A-Z_]+)\\b(?=[(,;\\s])", Pattern.DOTALL);
    private static final Pattern TAG = Pattern.compile("\\{@(?:code|link)\\s+(?:[A-Za-z]+#)?([^}]*)}");

    private CommentedEnum() {}

    /**
     * Comment of each value, as Markdown, in the order of the source.
     *
     * @param source path of the file in the project
     * @throws IllegalStateException if a value has no comment
     */
    static <E extends Enum<E>> Map<E, String> comments(Class<E> type, String source) {
        String text = new String(PROJECT.read(source), StandardCharsets.UTF_8);
        String body = text.substring(text.indexOf("enum " + type.getSimpleName() + " {"));
        Map<E, String> comments = new LinkedHashMap<>();
        VALUE.matcher(body)
                .results()
                .forEach(
                        (MatchResult value) -> comments.put(Enum.valueOf(type, value.group(2)), words(value.group(1))));
        for (E value : type.getEnumConstants()) {
            if (!comments.containsKey(value)) {
                throw new IllegalStateException(source + " says nothing of " + value);
            }
        }
        return comments;
    }

    private static String words(String comment) {
        String line = comment.replaceAll("\\s*\\R\\s*\\*?\\s*", " ").strip();
        return TAG.matcher(line).replaceAll("`$1`");
    }
}
