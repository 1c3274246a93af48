package ai.tatbot.state.server.docs.reference;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The scripts, as the protocol's page shows them. */
final class ProtocolScripts {
    private final JsonNode parts =
            ClassPathText.schema("conformance/scripts.json").path("scripts");

    /** The whole text of a script. */
    String text(String name) {
        StringBuilder text = new StringBuilder();
        parts.path(name).forEach(file -> text.append(ClassPathText.script(file.asString())));
        return text.toString();
    }

    /** By which Redis knows it. */
    String sha1(String name) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-1").digest(text(name).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Each with its files, length and SHA-1. */
    String table() {
        StringBuilder out =
                new StringBuilder("| script | files | bytes | SHA-1 in this version |\n|---|---|---:|---|\n");
        parts.forEachEntry((name, files) -> out.append("| `")
                .append(name)
                .append("` | ")
                .append(String.join(
                        ", ",
                        files.valueStream()
                                .map(file -> "`" + file.asString() + "`")
                                .toList()))
                .append(" | ")
                .append(text(name).getBytes(StandardCharsets.UTF_8).length)
                .append(" | `")
                .append(sha1(name))
                .append("` |\n"));
        return out.toString();
    }

    /** The whole text of each file. */
    String files() {
        Set<String> all = new LinkedHashSet<>();
        parts.forEach(files -> files.forEach(file -> all.add(file.asString())));
        StringBuilder out = new StringBuilder();
        for (String file : all) {
            out.append("### Text of ").append(file).append("\n\n```text\n");
            out.append(ClassPathText.script(file)).append("```\n\n");
        }
        return out.toString().stripTrailing() + "\n";
    }

    /** The comment at the head of each file that is no part of others. */
    String heads() {
        Set<String> last = new LinkedHashSet<>();
        parts.forEach(files -> last.add(files.get(files.size() - 1).asString()));
        StringBuilder out = new StringBuilder();
        for (String file : last) {
            out.append("### ").append(file).append("\n\n```text\n");
            ClassPathText.script(file)
                    .lines()
                    .takeWhile(line -> line.startsWith("--"))
                    .map(line -> line.substring(line.startsWith("-- ") ? 3 : 2))
                    .forEach(line -> out.append(line).append('\n'));
            out.append("```\n\n");
        }
        return out.toString();
    }
}
