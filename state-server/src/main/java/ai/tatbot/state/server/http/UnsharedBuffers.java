package ai.tatbot.state.server.http;

import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * Gives every connection buffers of its own, and never the same buffer twice. When a malformed request fails on one thread while
 * another still reads it, Jetty 12.1 may give a buffer back twice (see jetty/jetty.project#12939); a pool would then hand it to two
 * connections, and one client would be sent what another has sent. They are on the heap, where a new one costs little.
 */
final class UnsharedBuffers extends ByteBufferPool.Wrapper {
    UnsharedBuffers() {
        super(new ByteBufferPool.NonPooling());
    }

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
        return super.acquire(size, false);
    }
}
