package ai.tatbot.state.server.http;

import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.model.Shown;
import ai.tatbot.state.server.http.guard.Guarded;
import ai.tatbot.state.server.operation.OperationException;
import ai.tatbot.state.server.operation.OperationException.Code;
import ai.tatbot.state.server.operation.Operations;
import ai.tatbot.state.server.operation.StateReading;
import ai.tatbot.state.server.show.JsonText;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The API: each route is one operation. */
final class ApiRoutes {
    private final Operations operations;

    ApiRoutes(Operations operations) {
        this.operations = operations;
    }

    void register(RoutesConfig routes) {
        routes.get("/api/v1/status", context -> json(context, operations.systemStatus()));
        routes.get("/api/v1/state", this::list);
        routes.get("/api/v1/state/{key}", this::get);
        routes.put("/api/v1/state/{key}", this::put);
        routes.get(
                "/api/v1/sessions/{session_id}/history",
                context -> json(
                        context, operations.history(context.pathParam("session_id"), number(context, "limit", 1_000))));
        routes.get("/api/v1/log", context -> json(context, operations.log(number(context, "limit", 200))));
        routes.post("/api/v1/events", this::publish);
    }

    private void get(Context context) {
        StateReading reading = operations.getState(context.pathParam("key"));
        if (!reading.found()) {
            throw new OperationException(Code.NOT_FOUND, "there is no " + reading.key());
        }
        json(context, reading);
    }

    private void list(Context context) {
        json(
                context,
                operations.listState(
                        context.queryParam("kind"), number(context, "limit", 100), context.queryParam("cursor")));
    }

    private void put(Context context) {
        RequestObject body = RequestObject.read(context.bodyAsBytes(), "value", "expected_revision", "ttl_s");
        Long ttl = body.number("ttl_s");
        json(
                context,
                operations.setState(
                        Guarded.principal(context.req()),
                        context.pathParam("key"),
                        body.require("value"),
                        body.number("expected_revision"),
                        ttl == null ? null : seconds(ttl)));
    }

    private static Duration seconds(long seconds) {
        if (seconds < 1 || seconds > Integer.MAX_VALUE) {
            throw new OperationException(Code.INVALID_ARGUMENT, "ttl_s must be 1 or more, was " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }

    private void publish(Context context) {
        RequestObject body = RequestObject.read(context.bodyAsBytes(), "channel", "type", "data");
        byte @Nullable [] data = body.value("data");
        json(
                context,
                operations.publishEvent(
                        Guarded.principal(context.req()),
                        body.text("channel"),
                        body.text("type"),
                        data == null ? new byte[] {'{', '}'} : data));
    }

    private static int number(Context context, String name, int otherwise) {
        String text = context.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new OperationException(
                    Code.INVALID_ARGUMENT, name + " must be a whole number, was " + Shown.text(text), e);
        }
    }

    static void json(Context context, JsonWritable value) {
        context.contentType("application/json").result(JsonText.bytes(value));
    }
}
