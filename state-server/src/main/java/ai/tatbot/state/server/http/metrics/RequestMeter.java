package ai.tatbot.state.server.http.metrics;

import ai.tatbot.state.server.http.Problem;
import java.nio.ByteBuffer;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Stands before the guard, so that what that refuses is counted too. Whoever serves a request leaves the template of its path as the
 * attribute {@link #ROUTE}; whoever refuses it leaves {@link Problem#ATTRIBUTE}.
 */
public final class RequestMeter extends Handler.Wrapper {
    /** Name of the request attribute that holds the template of its path. */
    public static final String ROUTE = "ai.tatbot.state.server.route";

    private static final String EVENT_STREAM = "text/event-stream";

    private final HttpMetrics metrics;
    private final Set<String> others;

    RequestMeter(HttpMetrics metrics, Set<String> others) {
        this.metrics = metrics;
        this.others = others;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        request.addHttpStreamWrapper(stream -> new Measured(stream, request));
        return super.handle(request, response, callback);
    }

    private final class Measured extends HttpStream.Wrapper {
        private final Request request;
        private final String method;
        private final long begin;
        private volatile int status;
        private volatile boolean streaming;

        Measured(HttpStream stream, Request request) {
            super(stream);
            this.request = request;
            this.method = request.getMethod();
            this.begin = request.getBeginNanoTime();
        }

        @Override
        public void send(
                MetaData.Request asked, MetaData.Response answer, boolean last, ByteBuffer content, Callback callback) {
            if (answer != null) {
                status = answer.getStatus();
                String type = answer.getHttpFields().get(HttpHeader.CONTENT_TYPE);
                streaming = type != null && type.startsWith(EVENT_STREAM);
            }
            super.send(asked, answer, last, content, callback);
        }

        @Override
        public void succeeded() {
            count();
            super.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            count();
            super.failed(cause);
        }

        private String route() {
            if (request.getAttribute(ROUTE) instanceof String template) {
                return template;
            }
            String path = String.valueOf(request.getHttpURI().getPath());
            return others.contains(path) ? path : HttpMetrics.NO_ROUTE;
        }

        private void count() {
            String route = route();
            metrics.answered(method, route, status);
            if (!streaming) {
                metrics.took(route, System.nanoTime() - begin);
            }
            if (request.getAttribute(Problem.ATTRIBUTE) instanceof String code) {
                metrics.problem(code);
            }
        }
    }
}
