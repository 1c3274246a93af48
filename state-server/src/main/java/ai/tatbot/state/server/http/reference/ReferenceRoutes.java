package ai.tatbot.state.server.http.reference;

import ai.tatbot.state.server.http.Cached;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/**
 * Serves the OpenAPI document and the page that shows it, and beside them what describes Redis itself. All of them are made, or read, when they
 * are first asked for.
 */
public final class ReferenceRoutes {
    static final String DOCUMENT = "/api/v1/openapi.json";
    static final String CHANNELS = "/api/v1/asyncapi.json";
    static final String KEYS = "/api/v1/keys.json";

    /** Where the jar of the schema has what the build made of it. */
    private static final String DESCRIPTIONS = "/ai/tatbot/state/schema/";

    /** Registers them. */
    public void register(RoutesConfig routes) {
        add(routes, DOCUMENT, "application/json", OpenApi::document);
        add(routes, CHANNELS, "application/json", () -> resource(DESCRIPTIONS + "asyncapi.json"));
        add(routes, KEYS, "application/json", () -> resource(DESCRIPTIONS + "keys.json"));
        add(routes, "/api", "text/html;charset=utf-8", () -> resource("reference.html"));
        add(routes, "/api/reference.css", "text/css;charset=utf-8", () -> resource("reference.css"));
        add(routes, "/api/reference.js", "text/javascript;charset=utf-8", () -> resource("reference.js"));
    }

    private static void add(RoutesConfig routes, String path, String contentType, Supplier<byte[]> make) {
        Supplier<byte[]> made = new Once(make);
        routes.get(path, (Context context) -> Cached.answer(context, contentType, made.get()));
    }

    private static byte[] resource(String name) {
        try (InputStream in = ReferenceRoutes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Once implements Supplier<byte[]> {
        private final Supplier<byte[]> make;
        private byte[] made = {};

        Once(Supplier<byte[]> make) {
            this.make = make;
        }

        @Override
        public synchronized byte[] get() {
            if (made.length == 0) {
                made = make.get();
            }
            return made;
        }
    }
}
