package ai.tatbot.state.server.http;

import ai.tatbot.state.server.show.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.jetty.http.HttpStatus;

/**
 * An error as RFC 9457 wants it told.
 *
 * @param status HTTP status
 * @param code short name of what is wrong, for programs, such as {@code not_found}
 * @param detail what is wrong and what is allowed, for people; shown to anyone, so nothing of the server's inside belongs in it
 */
public record Problem(int status, String code, String detail) {
    /** Name of the request attribute that holds the code of the problem that was answered. */
    public static final String ATTRIBUTE = "ai.tatbot.state.server.problem";

    /** Its media type. */
    public static final String CONTENT_TYPE = "application/problem+json";

    /** One of which there is nothing to say but its status. */
    public static Problem of(int status) {
        String title = title(status);
        return new Problem(status, title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_"), title);
    }

    /** What its status means. */
    public String title() {
        return title(status);
    }

    private static String title(int status) {
        String message = HttpStatus.getMessage(status);
        return message == null ? "Error" : message;
    }

    /** Its document. */
    public String text() {
        return JsonText.object(out -> {
            out.writeStringProperty("type", "about:blank");
            out.writeStringProperty("title", title());
            out.writeNumberProperty("status", status);
            out.writeStringProperty("detail", detail);
            out.writeStringProperty("code", code);
        });
    }

    /** Its document, in UTF-8. */
    public byte[] bytes() {
        return text().getBytes(StandardCharsets.UTF_8);
    }
}
