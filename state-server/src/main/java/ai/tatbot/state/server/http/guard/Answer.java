package ai.tatbot.state.server.http.guard;

import ai.tatbot.state.server.http.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes what the guard itself answers. */
final class Answer {
    /** A body that is read to its end although it is refused, so that the connection can be used again. */
    private static final int SMALL_BODY = 65_536;

    private Answer() {}

    /** Sends a refusal, and lets its sender read it even if there is still much to send. */
    static void refuse(Request request, Response response, Callback callback, Refusal refusal) {
        HttpFields.Mutable headers = response.getHeaders();
        refusal.headers().forEach(headers::put);
        if (mayHaveBody(request)) {
            if (request.getLength() < 0 || request.getLength() > SMALL_BODY) {
                headers.put(HttpHeader.CONNECTION, "close");
            }
            problem(response, new Drain(request, callback), refusal.problem());
        } else {
            problem(response, callback, refusal.problem());
        }
    }

    static void problem(Response response, Callback callback, Problem problem) {
        response.setStatus(problem.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        response.write(true, ByteBuffer.wrap(problem.bytes()), callback);
    }

    static void json(Response response, Callback callback, String json) {
        response.setStatus(HttpStatus.OK_200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)), callback);
    }

    static void empty(Response response, Callback callback, HttpField... headers) {
        response.setStatus(HttpStatus.NO_CONTENT_204);
        for (HttpField header : headers) {
            response.getHeaders().put(header);
        }
        response.write(true, null, callback);
    }

    /** Whether the client has announced that there is more than headers. */
    static boolean mayHaveBody(Request request) {
        return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }
}
