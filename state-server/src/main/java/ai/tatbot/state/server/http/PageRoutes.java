package ai.tatbot.state.server.http;

import ai.tatbot.state.server.page.PageFile;
import ai.tatbot.state.server.page.PageFiles;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;

/** The page and what it is made of. */
final class PageRoutes {
    private final PageFiles files = new PageFiles();

    void register(RoutesConfig routes) {
        routes.get("/", this::file);
        routes.get("/favicon.ico", this::file);
        routes.get("/embed/{panel}", this::file);
        routes.get("/assets/<path>", this::file);
    }

    private void file(Context context) {
        Optional<PageFile> found = files.find(context.path());
        if (found.isEmpty()) {
            context.status(404);
            return;
        }
        PageFile file = found.get();
        context.header("ETag", file.etag()).header("Cache-Control", PageFile.CACHE_CONTROL);
        String known = context.header("If-None-Match");
        if (known != null && file.matches(known)) {
            context.status(304);
        } else {
            context.contentType(file.contentType()).result(file.bytes());
        }
    }
}
