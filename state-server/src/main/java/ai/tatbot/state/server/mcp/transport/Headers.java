package ai.tatbot.state.server.mcp.transport;

import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.ProtocolVersions;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the headers of a request must say. */
final class Headers {
    static final String SESSION = "Mcp-Session-Id";
    static final String LAST_EVENT = "Last-Event-ID";
    static final String JSON = "application/json";
    static final String EVENTS = "text/event-stream";

    private static final String VERSION = "MCP-Protocol-Version";

    /** Oldest first. */
    static final List<String> VERSIONS =
            List.of(ProtocolVersions.MCP_2025_03_26, ProtocolVersions.MCP_2025_06_18, ProtocolVersions.MCP_2025_11_25);

    private Headers() {}

    /**
     * A request without a version is taken for one of 2025-03-26, which knew no such header.
     *
     * @throws Refusal if the version is not spoken here
     */
    static void requireVersion(HttpServletRequest request) {
        for (String version : Collections.list(request.getHeaders(VERSION))) {
            if (!VERSIONS.contains(version)) {
                throw Refusal.invalid(
                        "this " + VERSION + " is not spoken here; there are " + String.join(", ", VERSIONS));
            }
        }
    }

    /**
     * @throws Refusal if the client does not take these types
     */
    static void requireAccept(HttpServletRequest request, String... types) {
        List<String> accepted = Collections.list(request.getHeaders("Accept"));
        for (String type : types) {
            if (accepted.stream().noneMatch(header -> accepts(header, type))) {
                throw new Refusal(
                        406,
                        ErrorCodes.INVALID_REQUEST,
                        "Accept must name " + String.join(" and ", types) + " for this method",
                        null);
            }
        }
    }

    private static boolean accepts(String header, String type) {
        String wildcard = type.substring(0, type.indexOf('/')) + "/*";
        for (String range : header.split(",", -1)) {
            String[] parts = range.trim().toLowerCase(Locale.ROOT).split("\\s*;\\s*", -1);
            boolean matches = parts[0].equals(type) || parts[0].equals(wildcard) || parts[0].equals("*/*");
            if (matches && !isRefused(parts)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRefused(String[] parts) {
        for (String part : parts) {
            if (part.matches("q\\s*=\\s*0(\\.0{0,3})?")) {
                return true;
            }
        }
        return false;
    }

    /**
     * @throws Refusal if the body is not said to be JSON
     */
    static void requireJson(HttpServletRequest request) {
        String type = request.getContentType();
        if (!JSON.equals(media(type))) {
            throw new Refusal(415, ErrorCodes.INVALID_REQUEST, "Content-Type must be " + JSON, null);
        }
    }

    private static String media(@Nullable String type) {
        if (type == null) {
            return "";
        }
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }
}
