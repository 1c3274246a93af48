package ai.tatbot.state.server.mcp.transport;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;

/** One HTTP request and its response, which is sent without waiting for the client to read it. */
final class Exchange {
    private final HttpServletResponse response;
    private final AsyncContext context;
    private final Runnable abort;

    Exchange(HttpServletRequest request, HttpServletResponse response) {
        this.response = response;
        this.context = request.startAsync();
        context.setTimeout(0);
        this.abort = () -> ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
    }

    /** Answers with one JSON document. */
    void json(int status, byte[] body) {
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        send(new Body(body)).open();
    }

    /** Answers with a stream of events, from the one after this on. */
    void stream(EventStream events, long after) {
        events();
        events.attach(send(events.source(after)), after);
    }

    /** Answers with a stream that has no event. */
    void nothing() {
        events();
        send(new Body(new byte[0])).open();
    }

    private void events() {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType("text/event-stream");
        response.setHeader("X-Accel-Buffering", "no");
    }

    private Wire send(Wire.Source source) {
        try {
            ServletOutputStream out = response.getOutputStream();
            return new Wire(context, out, source, abort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One document. */
    private static final class Body implements Wire.Source {
        private final byte[] body;
        private boolean taken;

        Body(byte[] body) {
            this.body = body;
        }

        @Override
        public byte @Nullable [] next() {
            if (taken || body.length == 0) {
                return null;
            }
            taken = true;
            return body;
        }

        @Override
        public boolean isFinished() {
            return true;
        }

        @Override
        public void ended() {}
    }
}
