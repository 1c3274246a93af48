package ai.tatbot.state.server.docs.reference;

import ai.tatbot.state.server.docs.Markdown;
import ai.tatbot.state.server.docs.ReferencePage;
import ai.tatbot.state.server.resource.ResourceFolder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Every variable of the environment, from the template that a node's {@code .env} is made of. */
final class ConfigurationPage {
    private static final String TEMPLATE = "ops/state.example.env";
    private static final ResourceFolder PROJECT = new ResourceFolder("/ai/tatbot/state/server/docs/project/", TEMPLATE);
    private static final Pattern SECTION = Pattern.compile("# -+ (.*)");
    private static final Pattern VARIABLE = Pattern.compile("# [A-Z][A-Z_]+=.*");

    private ConfigurationPage() {}

    static ReferencePage page() {
        Markdown out = new Markdown()
                .heading(1, "Configuration")
                .paragraph("Every variable of the environment, from [`ops/state.example.env`](../../" + TEMPLATE
                        + "). All of them are optional."
                        + " Options of the command line win over them ([commands](cli.md)).");
        boolean inSection = false;
        // Variables that belong together have no empty line between them.
        for (String group : new String(PROJECT.read(TEMPLATE), StandardCharsets.UTF_8).split("\n\n", -1)) {
            List<String> words = new ArrayList<>();
            List<String> variables = new ArrayList<>();
            for (String line : group.split("\n", -1)) {
                Matcher section = SECTION.matcher(line);
                if (section.matches()) {
                    inSection = true;
                    out.heading(2, section.group(1).replaceAll("[.].*", ""));
                } else if (VARIABLE.matcher(line).matches()) {
                    variables.add(line.substring(2));
                } else if (line.startsWith("# ")) {
                    words.add(line.substring(2));
                }
            }
            if (inSection && !variables.isEmpty()) {
                out.heading(
                        3,
                        variables.stream()
                                .map(variable -> Markdown.code(variable.substring(0, variable.indexOf('='))))
                                .distinct()
                                .collect(Collectors.joining(", ")));
                out.paragraph(String.join(" ", words)).block("ini", String.join("\n", variables));
            }
        }
        return new ReferencePage("configuration", out.toString());
    }
}
