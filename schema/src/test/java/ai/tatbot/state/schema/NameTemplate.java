package ai.tatbot.state.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Template of a key or channel, such as {@code robot:state:{node_id}}. */
final class NameTemplate {
    private static final Pattern PLACEHOLDER = Pattern.compile("[{]([a-z_]+)[}]");

    private final List<String> placeholders = new ArrayList<>();
    private final Pattern pattern;

    NameTemplate(String template) {
        StringBuilder expression = new StringBuilder();
        Matcher matcher = PLACEHOLDER.matcher(template);
        int from = 0;
        while (matcher.find()) {
            expression
                    .append(Pattern.quote(template.substring(from, matcher.start())))
                    .append("(.*)");
            placeholders.add(matcher.group(1));
            from = matcher.end();
        }
        expression.append(Pattern.quote(template.substring(from)));
        pattern = Pattern.compile(expression.toString(), Pattern.DOTALL);
    }

    List<String> placeholders() {
        return List.copyOf(placeholders);
    }

    /** What stands for each placeholder, unchecked; empty if the text does not fit. */
    Optional<Map<String, String>> match(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < placeholders.size(); i++) {
            values.put(placeholders.get(i), matcher.group(i + 1));
        }
        return Optional.of(values);
    }
}
