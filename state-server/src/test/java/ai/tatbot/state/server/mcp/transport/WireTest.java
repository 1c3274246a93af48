package ai.tatbot.state.server.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WireTest {
    private final Output out = new Output();
    private final Feed feed = new Feed();
    private int aborted;
    private int completed;
    private final AsyncContext context = (AsyncContext) Proxy.newProxyInstance(
            WireTest.class.getClassLoader(), new Class<?>[] {AsyncContext.class}, (proxy, method, arguments) -> {
                completed += method.getName().equals("complete") ? 1 : 0;
                return null;
            });
    private final Wire wire = new Wire(context, out, feed, () -> aborted++);

    private static final class Output extends ServletOutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean ready = true;

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void setWriteListener(WriteListener listener) {}

        @Override
        public void write(int b) {
            bytes.write(b);
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private static final class Feed implements Wire.Source {
        private final Queue<String> waiting = new ArrayDeque<>();
        private boolean finished;
        private int ended;

        @Override
        public byte @Nullable [] next() {
            String next = waiting.poll();
            return next == null ? null : next.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public boolean isFinished() {
            return finished;
        }

        @Override
        public void ended() {
            ended++;
        }
    }

    @Test
    void nothingIsWrittenBeforeTheContainerSaysSo() {
        feed.waiting.add("one");
        wire.open();
        wire.pump();
        assertThat(out.text()).isEmpty();

        wire.onWritePossible();

        assertThat(out.text()).isEqualTo("one");
    }

    @Test
    void whatTheClientCannotTakeStaysWhereItIs() {
        wire.onWritePossible();
        out.ready = false;
        feed.waiting.add("one");
        wire.pump();
        assertThat(feed.waiting).hasSize(1);

        out.ready = true;
        wire.onWritePossible();

        assertThat(out.text()).isEqualTo("one");
    }

    @Test
    void itEndsOnceWithItsSource() {
        feed.waiting.add("one");
        feed.finished = true;
        wire.onWritePossible();
        wire.pump();
        wire.end();
        wire.onError(new java.io.IOException());

        assertThat(out.text()).isEqualTo("one");
        assertThat(completed).isEqualTo(1);
        assertThat(feed.ended).isEqualTo(1);
    }

    @Test
    void aClientThatReadsNothingIsCutOffAfterTheDeadline() {
        TransportLimits patient = TransportLimits.DEFAULT;
        TransportLimits strict = patient.withWriteDeadline(Duration.ofMillis(20));
        out.ready = false;
        wire.onWritePossible();
        wire.check(patient);
        assertThat(aborted).isZero();

        Awaitility.await().until(() -> {
            wire.check(strict);
            return aborted == 1;
        });

        assertThat(completed).isEqualTo(1);
        assertThat(feed.ended).isEqualTo(1);
    }

    @Test
    void aClientThatReadsIsNotCutOffHoweverLittleThereIsToRead() {
        TransportLimits strict = TransportLimits.DEFAULT.withWriteDeadline(Duration.ZERO);
        wire.onWritePossible();
        wire.check(strict);

        assertThat(aborted).isZero();
    }
}
