package ai.tatbot.state.server.languages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The scripts by which clients write, put together from their files as {@code schema/conformance/scripts.json} says. */
final class Scripts {
    private static final Path FILES =
            Path.of("..", "state-client", "src", "main", "resources", "ai", "tatbot", "state", "client", "internal");

    private Scripts() {}

    /** Text of each, by its name. */
    static Map<String, String> texts() {
        JsonNode parts = Fields.JSON.readTree(
                Path.of("..", "schema", "conformance", "scripts.json").toFile());
        Map<String, String> texts = new LinkedHashMap<>();
        parts.path("scripts").forEachEntry((name, files) -> {
            StringBuilder text = new StringBuilder();
            files.forEach(file -> text.append(read(FILES.resolve(file.asString()))));
            texts.put(name, text.toString());
        });
        return texts;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
