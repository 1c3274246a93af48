package ai.tatbot.state.server.access;

import java.util.Locale;

/** What a token allows. */
public enum Scope {
    /** To read the fleet's state and follow it. */
    READ,
    /** To publish events, too. */
    PUBLISH,
    /** Everything, such as to overwrite stored state where the server permits that at all. */
    ADMIN;

    /** As it stands in a token file, such as {@code read}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
