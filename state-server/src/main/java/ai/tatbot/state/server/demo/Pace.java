package ai.tatbot.state.server.demo;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Beats time, and ends the play when told to. One thread waits, any may stop it. */
final class Pace {
    private final long tickNanos;
    private volatile boolean stopped;
    private volatile Thread waiting = Thread.currentThread();
    private long next = System.nanoTime();

    Pace(double ticksPerSecond) {
        this.tickNanos = (long) (TimeUnit.SECONDS.toNanos(1) / ticksPerSecond);
    }

    /**
     * Waits for the next beats. A beat that comes late is not made up for.
     *
     * @throws StoppedException if it was stopped
     */
    void await(int ticks) {
        waiting = Thread.currentThread();
        next = Math.max(next + ticks * tickNanos, System.nanoTime());
        for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
            check();
            LockSupport.parkNanos(this, left);
        }
        check();
    }

    private void check() {
        if (stopped || Thread.currentThread().isInterrupted()) {
            throw new StoppedException();
        }
    }

    /** Begins to count from now. */
    void restart() {
        next = System.nanoTime();
    }

    boolean isStopped() {
        return stopped;
    }

    /** Ends every wait. */
    void stop() {
        stopped = true;
        LockSupport.unpark(waiting);
    }

    /** The demo was told to end. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
