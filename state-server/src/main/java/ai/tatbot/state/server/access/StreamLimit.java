package ai.tatbot.state.server.access;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many streams a principal may have open at a time. Thread-safe. */
public final class StreamLimit {
    private final int most;
    private final Map<String, Integer> open = new HashMap<>();

    /** @param most streams of one principal */
    public StreamLimit(int most) {
        this.most = most;
    }

    /** Opens one; empty if there are as many as there may be. Who opens it closes it. */
    public Optional<Permit> open(Grant grant) {
        String name = grant.principal().name();
        synchronized (open) {
            int before = open.getOrDefault(name, 0);
            if (before >= most) {
                return Optional.empty();
            }
            open.put(name, before + 1);
        }
        return Optional.of(new Permit(grant));
    }

    /** How many this principal has open. */
    public int count(Principal principal) {
        synchronized (open) {
            return open.getOrDefault(principal.name(), 0);
        }
    }

    private void close(String name) {
        synchronized (open) {
            open.computeIfPresent(name, (key, count) -> count > 1 ? count - 1 : null);
        }
    }

    /** Leave to have one stream open. */
    public final class Permit implements AutoCloseable {
        private final Grant grant;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Permit(Grant grant) {
            this.grant = grant;
        }

        /** Whether the stream may go on; to be asked at each heartbeat. */
        public boolean isValid() {
            return !closed.get() && grant.isValid();
        }

        /** Gives it back. More than once is once. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                StreamLimit.this.close(grant.principal().name());
            }
        }
    }
}
