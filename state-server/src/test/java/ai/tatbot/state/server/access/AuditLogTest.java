package ai.tatbot.state.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AuditLogTest {
    private static final Principal OOK = new Principal("ook", Set.of(Scope.PUBLISH));

    @Test
    void aWriteIsALineOfItsLogger() {
        Logger logger = (Logger) LoggerFactory.getLogger("ai.tatbot.state.audit");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            AuditLog.done(OOK, "publish_event", "system:events", "1700000000000-0");
            AuditLog.failed(OOK, "set_state", "robot:state:hog", "NOT_ALLOWED");
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "who=ook action=publish_event what=system:events outcome=done ref=1700000000000-0",
                        "who=ook action=set_state what=robot:state:hog outcome=failed ref=NOT_ALLOWED");
    }

    @Test
    void nothingFromOutsideBreaksALineOrPassesForAField() {
        String line =
                AuditLog.line("ook", "set_state", "a\r\nwho=admin outcome=done \u001b[2J \u202e \"x\\", "done", "");
        assertThat(line.lines()).hasSize(1);
        assertThat(line)
                .isEqualTo("who=ook action=set_state what=\"a\\\\r\\\\nwho=admin outcome=done \\\\u001b[2J \\\\u202e"
                        + " \\\"x\\\\\" outcome=done");
        assertThat(AuditLog.line("ook", "a", "x".repeat(100_000), "done", "").length())
                .isLessThan(300);
    }

    @Test
    void aTokenIsHiddenWhereverItIs() {
        String token = TokenText.random();
        assertThat(AuditLog.line("ook", "set_state", "key " + token + " " + token, "done", token))
                .doesNotContain(token.substring(4, 20))
                .contains("tat_(hidden)");
    }
}
