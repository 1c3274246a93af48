package ai.tatbot.state.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.eclipse.jetty.io.RetainableByteBuffer;
import org.junit.jupiter.api.Test;

class UnsharedBuffersTest {
    private final UnsharedBuffers buffers = new UnsharedBuffers();

    @Test
    void whatWasGivenBackIsNotGivenAway() {
        RetainableByteBuffer.Mutable first = buffers.acquire(8_192, true);
        byte[] memory = first.getByteBuffer().array();
        first.release();
        assertThatThrownBy(first::release).isInstanceOf(IllegalStateException.class);
        for (int i = 0; i < 100; i++) {
            RetainableByteBuffer.Mutable next = buffers.acquire(8_192, true);
            assertThat(next.getByteBuffer().array()).isNotSameAs(memory);
            next.release();
        }
    }
}
