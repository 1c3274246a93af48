package ai.tatbot.state.server.doctor;

import java.util.Locale;

/** What a check has come to. */
public enum Verdict {
    /** As it should be. */
    OK,
    /** It works, and should be mended before it does not. */
    WARN,
    /** Something does not work, or is open to strangers. */
    FAIL,
    /** Could not be looked at, for want of a right, or of a connection. No failure by itself. */
    NOT_CHECKED;

    /** For programs. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
