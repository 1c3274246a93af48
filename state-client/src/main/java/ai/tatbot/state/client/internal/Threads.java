package ai.tatbot.state.client.internal;

/** Threads that live as long as what they work for, and keep no program from ending. */
final class Threads {
    private Threads() {}

    /** A thread, not yet running. */
    static Thread daemon(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Waits until a thread has ended; not at all if it is the calling one, which closes what it works for itself.
     *
     * @param millis how long at most; less than one counts as one, since none would mean for ever
     */
    static void join(Thread thread, long millis) {
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(Math.max(1, millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
