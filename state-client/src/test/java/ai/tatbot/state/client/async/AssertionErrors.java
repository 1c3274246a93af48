package ai.tatbot.state.client.async;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What threads of a test have thrown. */
final class AssertionErrors {
    private static final Queue<Throwable> THROWN = new ConcurrentLinkedQueue<>();

    private AssertionErrors() {}

    static void watch(Thread thread) {
        thread.setUncaughtExceptionHandler((where, thrown) -> THROWN.add(thrown));
    }

    static void throwFirst() {
        Throwable first = THROWN.poll();
        if (first != null) {
            throw new AssertionError(first);
        }
    }
}
