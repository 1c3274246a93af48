package ai.tatbot.state.server.http.guard;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** A request whose body has been read: it is there at once for whoever reads it, once. */
final class ReadRequest extends Request.Wrapper {
    private final AtomicReference<Content.Chunk> next;

    ReadRequest(Request request, byte[] body) {
        super(request);
        this.next = new AtomicReference<>(
                body.length == 0 ? Content.Chunk.EOF : Content.Chunk.from(ByteBuffer.wrap(body), true));
    }

    @Override
    public Content.Chunk read() {
        return next.getAndSet(Content.Chunk.EOF);
    }

    @Override
    public void demand(Runnable callback) {
        getContext().execute(callback);
    }
}
