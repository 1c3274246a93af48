package ai.tatbot.state.server.http.guard;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;

/** What browsers must be told so that the pages of an allowed foreign origin can call (CORS), by token; cookies are not for them. */
final class CrossOrigin {
    private CrossOrigin() {}

    /** Answers to a page of this origin may be read by it. */
    static void allow(Request request, String origin) {
        request.addHttpStreamWrapper(stream -> new HttpStream.Wrapper(stream) {
            @Override
            public void prepareResponse(HttpFields.Mutable headers) {
                headers.put("Access-Control-Allow-Origin", origin);
                headers.put(
                        "Access-Control-Expose-Headers", "Mcp-Session-Id, Retry-After, WWW-Authenticate, Content-Type");
                headers.add(HttpHeader.VARY, "Origin");
                super.prepareResponse(headers);
            }
        });
    }

    /** What it may send. */
    static HttpField[] preflight() {
        return new HttpField[] {
            new HttpField("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE"),
            new HttpField(
                    "Access-Control-Allow-Headers",
                    "Authorization, Content-Type, Accept, Last-Event-ID, Mcp-Session-Id, MCP-Protocol-Version"),
            new HttpField("Access-Control-Max-Age", "600"),
        };
    }
}
