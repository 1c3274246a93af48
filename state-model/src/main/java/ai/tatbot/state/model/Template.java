package ai.tatbot.state.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A name with parameters in braces, such as {@code robot:state:{node_id}}: filled in, and taken apart again. */
final class Template {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)}");

    private final String text;
    private final List<Parameter> parameters;
    private final List<CheckedPattern> checks;

    /** What stands before each parameter, and behind the last. */
    private final List<String> literals;

    private final Pattern parser;

    /** Parameters in the order of their placeholders. */
    Template(String text, Parameter... parameters) {
        this.text = text;
        this.parameters = List.of(parameters);
        this.checks = this.parameters.stream()
                .map(parameter -> new CheckedPattern(parameter.pattern()))
                .toList();
        List<String> between = new ArrayList<>();
        StringBuilder regex = new StringBuilder();
        Matcher placeholders = PLACEHOLDER.matcher(text);
        int from = 0;
        for (Parameter parameter : parameters) {
            if (!placeholders.find() || !placeholders.group(1).equals(parameter.name())) {
                throw new IllegalArgumentException(text + " lacks {" + parameter.name() + "} at its place");
            }
            if (parameter.pattern().matcher("").groupCount() > 0) {
                throw new IllegalArgumentException(text + ": the pattern of " + parameter.name() + " has a group");
            }
            between.add(text.substring(from, placeholders.start()));
            regex.append(Pattern.quote(text.substring(from, placeholders.start())))
                    .append('(')
                    .append(parameter.pattern())
                    .append(')');
            from = placeholders.end();
        }
        if (placeholders.find()) {
            throw new IllegalArgumentException(text + " has no pattern for " + placeholders.group());
        }
        between.add(text.substring(from));
        this.literals = List.copyOf(between);
        this.parser = Pattern.compile(
                regex.append(Pattern.quote(text.substring(from))).toString());
    }

    /** @throws InvalidValueException if an argument does not match its parameter's pattern */
    String fill(List<String> arguments) {
        if (arguments.size() != parameters.size()) {
            throw new InvalidValueException(text + " takes " + parameters.size() + " ids, got " + arguments.size());
        }
        StringBuilder filled = new StringBuilder(literals.get(0));
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            FieldChecks.matches(parameter.name(), arguments.get(i), checks.get(i));
            filled.append(arguments.get(i)).append(literals.get(i + 1));
        }
        return filled.toString();
    }

    /** The arguments of a filled-in name, or empty if it is not one of this template's. */
    Optional<List<String>> parse(String name) {
        Matcher matcher = parser.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        List<String> arguments = new ArrayList<>(parameters.size());
        for (int i = 1; i <= matcher.groupCount(); i++) {
            arguments.add(matcher.group(i));
        }
        return Optional.of(List.copyOf(arguments));
    }

    /** As a glob-style pattern of Redis: every parameter an asterisk. */
    String glob() {
        return PLACEHOLDER.matcher(text).replaceAll("*");
    }

    List<String> parameterNames() {
        return parameters.stream().map(Parameter::name).toList();
    }

    @Override
    public String toString() {
        return text;
    }

    /**
     * One parameter.
     *
     * @param name as in the placeholder
     * @param pattern what an argument must match as a whole; without groups
     */
    record Parameter(String name, Pattern pattern) {}
}
