package ai.tatbot.state.client.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What happens in one run, and when; always the same for the same seed. Immutable.
 *
 * @param writeMillis how long writers write at least
 * @param pauseMicros longest pause between two writes of one thread; 0 for none
 * @param delayMillis how long everything is on its way to or from the watchers
 * @param flood whether errors are told as fast as can be, so that a slow listener cannot keep up
 */
record Schedule(long seed, int writeMillis, int pauseMicros, int delayMillis, boolean flood, List<Step> steps) {
    static Schedule of(long seed) {
        Random random = new Random(seed);
        int writeMillis = 2_000 + random.nextInt(800);
        int pauseMicros = random.nextInt(3) * 1_500;
        int delayMillis = random.nextInt(4) == 0 ? 1 + random.nextInt(40) : 0;
        boolean flood = random.nextInt(4) == 0;
        List<Step> steps = new ArrayList<>();
        redisFaults(random, writeMillis, steps);
        pathFaults(random, writeMillis, steps);
        if (random.nextInt(3) == 0) {
            steps.add(new Step(writeMillis / 2 + random.nextInt(500), Fault.GUEST, Target.REDIS, 0));
        }
        steps.sort(Comparator.comparingInt(Step::atMillis));
        return new Schedule(seed, writeMillis, pauseMicros, delayMillis, flood, List.copyOf(steps));
    }

    /** One after another, for a process that is dead cannot be frozen. At most one loses the data: of two, the first cannot be counted. */
    private static void redisFaults(Random random, int writeMillis, List<Step> steps) {
        boolean emptied = false;
        int at = 200 + random.nextInt(500);
        for (int left = random.nextInt(3); left > 0 && at < writeMillis; left--) {
            Fault fault = List.of(Fault.KILL, Fault.EMPTY, Fault.FREEZE).get(random.nextInt(3));
            if (fault == Fault.EMPTY) {
                fault = emptied ? Fault.KILL : Fault.EMPTY;
                emptied = true;
            }
            int millis = fault == Fault.FREEZE ? 50 + skewed(random, 2_950) : skewed(random, 700);
            steps.add(new Step(at, fault, Target.REDIS, millis));
            at += millis + 100 + random.nextInt(600);
        }
    }

    private static void pathFaults(Random random, int writeMillis, List<Step> steps) {
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            Target target =
                    random.nextInt(3) > 0 ? Target.WATCHERS : random.nextBoolean() ? Target.WRITER_A : Target.WRITER_B;
            int at = 200 + random.nextInt(writeMillis - 200);
            int which = random.nextInt(target == Target.WATCHERS ? 8 : 5);
            Fault fault = switch (which) {
                case 0, 1 -> Fault.CUT;
                case 2 -> Fault.HOLD;
                case 3 -> Fault.HOLD_TO_SERVER;
                case 4 -> Fault.HOLD_TO_CLIENT;
                case 5, 6 -> Fault.GARBAGE;
                default -> Fault.SWALLOW;
            };
            steps.add(new Step(at, fault, target, fault.lasts() ? 50 + skewed(random, 2_450) : 0));
        }
    }

    /** Short ones more often than long ones. */
    private static int skewed(Random random, int most) {
        double part = random.nextDouble();
        return (int) (part * part * most);
    }

    /** Whether Redis loses its data. */
    boolean emptiesRedis() {
        return steps.stream().anyMatch(step -> step.fault() == Fault.EMPTY);
    }

    @Override
    public String toString() {
        return "schedule " + seed + ": writes for " + writeMillis + " ms, a pause of up to " + pauseMicros
                + " us after each write" + (delayMillis > 0 ? ", " + delayMillis + " ms to the watchers" : "")
                + (flood ? ", a flood of errors" : "") + "\n"
                + steps.stream().map(step -> "  " + step).collect(Collectors.joining("\n"));
    }

    /**
     * One fault.
     *
     * @param atMillis since the writers began
     * @param millis how long it lasts; 0 for a moment
     */
    record Step(int atMillis, Fault fault, Target target, int millis) {
        @Override
        public String toString() {
            return "at " + atMillis + " ms " + fault + " " + target + (millis > 0 ? " for " + millis + " ms" : "");
        }
    }

    /** What is hit. */
    enum Target {
        REDIS,
        WATCHERS,
        WRITER_A,
        WRITER_B
    }

    /** What may go wrong. */
    enum Fault {
        /** The process is killed and comes back with its data. */
        KILL,
        /** The process is killed and comes back without any. */
        EMPTY,
        /** The process stands still. */
        FREEZE,
        /** Connections are closed. */
        CUT,
        /** Nothing passes, either way. */
        HOLD,
        /** Nothing passes towards Redis. */
        HOLD_TO_SERVER,
        /** Nothing passes towards the clients. */
        HOLD_TO_CLIENT,
        /** Clients receive nonsense. */
        GARBAGE,
        /** One message to a subscriber is lost. */
        SWALLOW,
        /** Not a fault: a writer joins that has seen nothing. */
        GUEST;

        boolean lasts() {
            return this == HOLD || this == HOLD_TO_SERVER || this == HOLD_TO_CLIENT;
        }
    }
}
