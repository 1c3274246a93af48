package ai.tatbot.state.server.demo;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;

/** What goes wrong when, at random; the same for the same seed. Each fault comes before one comes again. Used by one thread. */
final class ChaosPlan {
    private final Random random;
    private final Queue<Fault> bag = new ArrayDeque<>();

    ChaosPlan(long seed) {
        this.random = new Random(seed);
    }

    Pull next() {
        if (bag.isEmpty()) {
            List<Fault> faults = Arrays.asList(Fault.values());
            Collections.shuffle(faults, random);
            bag.addAll(faults);
        }
        Fault fault = bag.remove();
        Duration before = millis(1_500, 3_500);
        // A frozen Redis is only given up after two seconds of silence; shorter and longer ones are both of interest.
        Duration away = switch (fault) {
            case KILL -> millis(300, 2_500);
            case FREEZE -> millis(800, 3_500);
            case RESTART -> millis(50, 500);
        };
        return new Pull(fault, before, away);
    }

    private Duration millis(int least, int most) {
        return Duration.ofMillis(least + random.nextInt(most - least));
    }

    /**
     * One outage.
     *
     * @param before how long all is well before it
     * @param away how long it lasts
     */
    record Pull(Fault fault, Duration before, Duration away) {}
}
