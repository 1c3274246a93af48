package ai.tatbot.state.codegen;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names in Java made from names in the schema ({@code stroke-progress}, {@code stroke_progress}). */
final class Names {
    private static final Pattern WORDS = Pattern.compile("[-_]");

    private Names() {}

    static String pascal(String name) {
        StringBuilder out = new StringBuilder();
        for (String word : WORDS.splitAsStream(name).toList()) {
            out.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return out.toString();
    }

    static String camel(String name) {
        String pascal = pascal(name);
        return Character.toLowerCase(pascal.charAt(0)) + pascal.substring(1);
    }

    static String constant(String name) {
        return name.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
