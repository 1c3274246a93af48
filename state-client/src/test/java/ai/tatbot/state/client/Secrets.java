package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that people could see while it is open, in which no password may be. */
final class Secrets implements AutoCloseable {
    private final List<String> passwords;
    private final List<String> seen = new ArrayList<>();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final ch.qos.logback.classic.Logger root =
            (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    Secrets(String... passwords) {
        this.passwords = List.of(passwords);
        logged.start();
        root.addAppender(logged);
    }

    /** Notes what this says of itself, and with it every exception underneath. */
    synchronized void saw(Object thing) {
        seen.add(thing.toString());
        if (thing instanceof Throwable thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            seen.add(trace.toString());
        }
        if (thing instanceof Problem problem && problem.cause() != null) {
            saw(problem.cause());
        }
    }

    @Override
    public synchronized void close() {
        root.detachAppender(logged);
        for (ILoggingEvent event : List.copyOf(logged.list)) {
            seen.add(event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                seen.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
        for (String password : passwords) {
            assertThat(seen).noneMatch(text -> text.contains(password));
        }
    }
}
