package ai.tatbot.state.bench.offer;

import ai.tatbot.state.client.PublishedSession;
import ai.tatbot.state.client.StatePublisher;
import ai.tatbot.state.model.RobotState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A loop of 1 kHz that offers a robot's state and a session's progress, and times each. It spins between its turns, so
 * that all parking of its thread would be the publisher's. Half a millisecond after each offer it does as much work that is not
 * the publisher's, and times that: what it shows there the machine has done.
 */
final class ControlLoop implements Runnable {
    static final String THREAD = "control-loop";
    private static final long PERIOD = 1_000_000;
    private static final int STATES = 10_000;

    private final StatePublisher publisher;
    private final PublishedSession session;
    private final List<RobotState> states = new ArrayList<>(STATES);
    private final AtomicLong exceptions = new AtomicLong();
    private final AtomicLong offered = new AtomicLong();
    private volatile @Nullable Phase phase;
    private volatile boolean resting;
    private volatile boolean done;
    private long workNanos = 1_000;

    ControlLoop(StatePublisher publisher, PublishedSession session) {
        this.publisher = publisher;
        this.session = session;
        for (int i = 0; i < STATES; i++) {
            states.add(RobotState.builder()
                    .nodeId("bench")
                    .isConnectedL(true)
                    .isConnectedR(true)
                    .jointsL(List.of(-0.44 + i * 1e-5, 1.38, 1.19, -1.38, 0.0, 0.0, 0.0))
                    .jointsR(List.of(0.44, 1.38, 1.19, -1.38, 0.0, 0.0, 0.0))
                    .currentPose("pose-" + i)
                    .build());
        }
    }

    @Override
    public void run() {
        long next = System.nanoTime();
        while (!done) {
            Phase current = phase;
            if (current == null) {
                resting = true;
                Thread.onSpinWait();
                next = System.nanoTime();
                continue;
            }
            resting = false;
            spinUntil(next);
            int number = (int) (offered.get() % STATES);
            long before = System.nanoTime();
            long between = offer(number);
            long after = System.nanoTime();
            current.offers.add(between - before);
            current.offers.add(after - between);
            offered.incrementAndGet();
            workNanos += (after - before - workNanos) / 64;

            spinUntil(next + PERIOD / 2);
            before = System.nanoTime();
            work(before);
            current.idle.add(System.nanoTime() - before);
            next = Math.max(next + PERIOD, System.nanoTime());
        }
    }

    /** @return the time between the two */
    private long offer(int number) {
        long between = System.nanoTime();
        try {
            publisher.offer(states.get(number));
            between = System.nanoTime();
            session.offer(number / 108, number);
        } catch (RuntimeException e) {
            exceptions.incrementAndGet();
        }
        return between;
    }

    /** Lasts as long as an offer does, within reason: an outlier must not make its own yardstick. */
    private void work(long from) {
        spinUntil(from + Math.min(workNanos, 5_000));
    }

    private static void spinUntil(long time) {
        while (System.nanoTime() - time < 0) {
            Thread.onSpinWait();
        }
    }

    /** Measures into this phase from now on; null rests. */
    void enter(@Nullable Phase next) {
        phase = next;
        while (next == null && !resting) {
            Thread.onSpinWait();
        }
    }

    void end() {
        done = true;
    }

    long exceptions() {
        return exceptions.get();
    }

    /** Number of the state offered last. */
    int newest() {
        return (int) ((offered.get() + STATES - 1) % STATES);
    }

    static int states() {
        return STATES;
    }
}
