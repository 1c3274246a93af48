package ai.tatbot.state.server.env;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Variables as a file, one a line: {@code NAME=value}. What is written here, a POSIX shell ({@code set -a; . ./hog.env}), systemd
 * ({@code EnvironmentFile=}) and {@link #parse} read alike, whatever printable characters a value has.
 */
public final class EnvFile {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,=-]*");

    /** Within double quotes both a shell and systemd take a backslash before these, and before no other, for an escape. */
    private static final Pattern ESCAPED = Pattern.compile("[\"\\\\$`]");

    private EnvFile() {}

    /**
     * A line for each variable, in the map's order, each with a line feed at its end.
     *
     * @throws IllegalArgumentException if a name is none, or a value has a control character
     */
    public static String format(Map<String, String> variables) {
        return variables.entrySet().stream()
                .map(variable -> line(variable.getKey(), variable.getValue()))
                .collect(Collectors.joining());
    }

    private static String line(String name, String value) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(name + " is no name of a variable");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the value of " + name + " has a control character");
        }
        String written = PLAIN.matcher(value).matches()
                ? value
                : '"' + ESCAPED.matcher(value).replaceAll("\\\\$0") + '"';
        return name + "=" + written + "\n";
    }

    /**
     * The variables in a file's text. Understands what {@link #format} writes, and what people write: {@code export}, comments,
     * blanks around a value, single and double quotes.
     *
     * @throws IllegalArgumentException if a line is none of these; the message has its number, and not the line
     */
    public static Map<String, String> parse(String text) {
        Map<String, String> variables = new LinkedHashMap<>();
        int number = 0;
        for (String each : text.split("\n", -1)) {
            number++;
            String line = each.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String assignment = line.startsWith("export ") ? line.substring(7).stripLeading() : line;
            int equals = assignment.indexOf('=');
            if (equals < 0 || !NAME.matcher(assignment.substring(0, equals)).matches()) {
                throw new IllegalArgumentException("line " + number + " is not NAME=value");
            }
            variables.put(assignment.substring(0, equals), value(assignment.substring(equals + 1), number));
        }
        return variables;
    }

    private static final Pattern SINGLE = Pattern.compile("'([^']*)'\\s*(#.*)?");
    private static final Pattern DOUBLE = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(#.*)?");
    private static final Pattern BARE = Pattern.compile("([^\"'\\s](?:\\S|\\s+[^#\\s])*)?(\\s+#.*|\\s*)");

    private static String value(String written, int number) {
        String text = written.stripLeading();
        Matcher single = SINGLE.matcher(text);
        if (single.matches()) {
            return single.group(1);
        }
        Matcher quoted = DOUBLE.matcher(text);
        if (quoted.matches()) {
            return quoted.group(1).replaceAll("\\\\([\"\\\\$`])", "$1");
        }
        Matcher bare = BARE.matcher(text);
        if (bare.matches()) {
            return bare.group(1) == null ? "" : bare.group(1);
        }
        throw new IllegalArgumentException("line " + number + " has a quote that does not end, or something behind it");
    }
}
