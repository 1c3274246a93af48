package ai.tatbot.state.server.operation;

import ai.tatbot.state.server.access.AuditLog;
import ai.tatbot.state.server.access.Principal;

/** Where every write, and every attempt at one, is noted. Thread-safe. */
@FunctionalInterface
public interface AuditTrail {
    /**
     * Notes a write.
     *
     * @param who who asked for it
     * @param operation such as {@code publish_event}
     * @param subject key or channel, as the caller gave it: not to be trusted
     * @param outcome revision or event id, or the code of the failure
     */
    void note(Principal who, String operation, String subject, String outcome);

    /** One line each in the log. */
    static AuditTrail logged() {
        return (who, operation, subject, outcome) -> {
            if (outcome.chars().allMatch(letter -> letter == '_' || Character.isUpperCase(letter))) {
                AuditLog.failed(who, operation, subject, outcome);
            } else {
                AuditLog.done(who, operation, subject, outcome);
            }
        };
    }
}
