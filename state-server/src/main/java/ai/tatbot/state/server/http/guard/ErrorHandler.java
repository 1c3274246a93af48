package ai.tatbot.state.server.http.guard;

import ai.tatbot.state.server.http.Problem;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers what never reaches a route, such as malformed requests: says no more than what kind of error it is. */
final class ErrorHandler implements Request.Handler {
    private final SecurityHeaders headers;

    ErrorHandler(SecurityHeaders headers) {
        this.headers = headers;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        headers.put(response.getHeaders(), "", request.getConnectionMetaData().isSecure());
        Answer.problem(response, callback, Problem.of(status < 400 ? HttpStatus.INTERNAL_SERVER_ERROR_500 : status));
        return true;
    }
}
