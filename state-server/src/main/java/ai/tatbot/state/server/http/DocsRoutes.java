package ai.tatbot.state.server.http;

import ai.tatbot.state.server.docs.DocsFile;
import ai.tatbot.state.server.docs.DocsSite;
import ai.tatbot.state.server.operation.OperationException;
import ai.tatbot.state.server.operation.OperationException.Code;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The documentation. It is made when it is first asked for. */
final class DocsRoutes {
    private static final String PATH = "/docs";

    private final Supplier<DocsSite> make;
    private @Nullable DocsSite site;

    DocsRoutes(Supplier<DocsSite> make) {
        this.make = make;
    }

    void register(RoutesConfig routes) {
        routes.get(PATH, context -> context.redirect(PATH + "/" + DocsSite.INDEX, HttpStatus.FOUND));
        routes.get(PATH + "/<path>", this::file);
    }

    private void file(Context context) {
        String path = context.pathParam("path");
        if (!path.contains(".") && site().find(path + ".html").isPresent()) {
            context.redirect(PATH + "/" + path + ".html", HttpStatus.FOUND);
            return;
        }
        DocsFile file = site().find(path)
                .orElseThrow(() -> new OperationException(
                        Code.NOT_FOUND, "the documentation has no such page; it begins at " + PATH));
        Cached.answer(context, file.contentType(), file.bytes());
    }

    private synchronized DocsSite site() {
        DocsSite made = site;
        if (made == null) {
            made = make.get();
            site = made;
        }
        return made;
    }
}
