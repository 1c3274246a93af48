package ai.tatbot.state.server.docs.reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the jars carry: the schema with its cases, and the scripts of the client. */
final class ClassPathText {
    private static final String SCHEMA = "/ai/tatbot/state/schema/";
    private static final String SCRIPTS = "/ai/tatbot/state/client/internal/";

    /** Writes numbers as they were. */
    static final JsonMapper JSON = JsonMapper.builder().build();

    private ClassPathText() {}

    /** A file of the schema, such as {@code conformance/scripts.json}. */
    static JsonNode schema(String file) {
        return JSON.readTree(read(SCHEMA + file));
    }

    /** A Lua file of the client. */
    static String script(String file) {
        return read(SCRIPTS + file);
    }

    /** A resource beside this class. */
    static String own(String file) {
        return read("/" + ClassPathText.class.getPackageName().replace('.', '/') + "/" + file);
    }

    private static String read(String name) {
        try (InputStream in = ClassPathText.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
