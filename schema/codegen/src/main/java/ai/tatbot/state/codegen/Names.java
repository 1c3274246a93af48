package ai.tatbot.state.codegen;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/** Names in Java made from names in the schema ({@code stroke-progress}, {@code stroke_progress}). */
final class Names {
    private static final Pattern WORDS = Pattern.compile("[-_]");

    /** Methods that every generated class or its builder has anyway. */
    private static final Set<String> METHODS = Set.of(
            "build",
            "builder",
            "clone",
            "encode",
            "equals",
            "finalize",
            "from",
            "getClass",
            "hashCode",
            "notify",
            "notifyAll",
            "readFrom",
            "scan",
            "toBuilder",
            "toString",
            "wait",
            "writeTo");

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

    /** Name of a property's field and methods; with an underscore behind it where Java has that name for something else. */
    static String property(String name) {
        String camel = camel(name);
        return SourceVersion.isKeyword(camel) || METHODS.contains(camel) ? camel + "_" : camel;
    }

    static String constant(String name) {
        return name.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
