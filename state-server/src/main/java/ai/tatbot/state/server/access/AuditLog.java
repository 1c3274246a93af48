package ai.tatbot.state.server.access;

import ai.tatbot.state.server.show.Text;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trail of writes and logins: one line each, through the logger {@value #LOGGER}. A line never holds a token, and no text from
 * outside can break it in two or pass for another field.
 */
public final class AuditLog {
    /** Name of its logger. */
    public static final String LOGGER = "ai.tatbot.state.audit";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final int LONGEST = 200;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:/@+-]+");
    private static final Pattern TOKEN = Pattern.compile(TokenText.PREFIX + "[A-Za-z0-9_-]+");

    private AuditLog() {}

    /**
     * Something was written.
     *
     * @param action such as {@code publish_event} or {@code set_state}
     * @param what the channel or key
     * @param reference the event's id, or the revision
     */
    public static void done(Principal who, String action, String what, String reference) {
        LOG.info("{}", line(who.name(), action, what, "done", reference));
    }

    /**
     * Somebody tried to, and was refused, or it failed.
     *
     * @param reason short, such as the code of the failure
     */
    public static void failed(Principal who, String action, String what, String reason) {
        LOG.info("{}", line(who.name(), action, what, "failed", reason));
    }

    static String line(String who, String action, String what, String outcome, String reference) {
        return "who=" + field(who) + " action=" + field(action) + " what=" + field(what) + " outcome=" + outcome
                + (reference.isEmpty() ? "" : " ref=" + field(reference));
    }

    private static String field(String text) {
        String safe = Text.safe(TOKEN.matcher(text).replaceAll(TokenText.PREFIX + "(hidden)"), LONGEST);
        return PLAIN.matcher(safe).matches()
                ? safe
                : '"' + safe.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
