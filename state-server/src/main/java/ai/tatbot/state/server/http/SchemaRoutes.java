package ai.tatbot.state.server.http;

import ai.tatbot.state.server.operation.OperationException;
import ai.tatbot.state.server.operation.OperationException.Code;
import ai.tatbot.state.server.schema.SchemaFile;
import ai.tatbot.state.server.schema.SchemaFiles;
import ai.tatbot.state.server.show.JsonText;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * The schema over HTTP: each file under the path of its {@code $id} and under a shorter one, and a list of them. References between
 * files are relative, so they hold under both.
 */
final class SchemaRoutes {
    /** Where the list is, and what all paths begin with. */
    static final String PATH = "/schema";

    private static final String SCHEMA_TYPE = "application/schema+json";

    private final SchemaFiles files;

    SchemaRoutes(SchemaFiles files) {
        this.files = files;
    }

    void register(RoutesConfig routes) {
        routes.get(PATH, this::list);
        routes.get(PATH + "/{folder}/{file}", this::file);
        routes.get(files.basePath() + "{folder}/{file}", this::file);
    }

    private void file(Context context) {
        String path = context.pathParam("folder") + "/" + context.pathParam("file");
        SchemaFile file = files.find(path)
                .orElseThrow(() -> new OperationException(
                        Code.NOT_FOUND, "the schema has no such file; " + PATH + " lists those that it has"));
        Cached.answer(context, file.isJsonSchema() ? SCHEMA_TYPE : "application/json", file.bytes());
    }

    private void list(Context context) {
        byte[] list = JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayPropertyStart("schemas");
            for (SchemaFile file : files.all()) {
                out.writeStartObject();
                out.writeStringProperty("id", file.id());
                out.writeStringProperty("path", files.basePath() + file.path());
                out.writeStringProperty("folder", file.folder());
                out.writeStringProperty("name", file.name());
                out.writeStringProperty("title", file.title());
                out.writeStringProperty("description", file.description());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
        Cached.answer(context, "application/json", list);
    }
}
