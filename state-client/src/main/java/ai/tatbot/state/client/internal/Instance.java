package ai.tatbot.state.client.internal;

import java.security.SecureRandom;

/** The name of this process, by which the fleet notices that another one speaks for a node. */
final class Instance {
    /** Random, for process ids repeat. */
    static final String ID = Long.toString(new SecureRandom().nextLong() >>> 4, 36);

    private Instance() {}
}
