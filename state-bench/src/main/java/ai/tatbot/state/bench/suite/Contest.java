package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.peers.Contestant;
import ai.tatbot.state.bench.peers.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Contestants in turn, for a slot each, round after round, in an order that rotates: what disturbs the machine disturbs them all.
 * The first rounds are thrown away.
 */
public final class Contest {
    private final int warmUps;
    private final int rounds;
    private final Duration slot;
    private final Watching watching;

    /** @param watching told before each slot */
    public Contest(int warmUps, int rounds, Duration slot, Watching watching) {
        this.warmUps = warmUps;
        this.rounds = rounds;
        this.slot = slot;
        this.watching = watching;
    }

    /** Runs them, and closes them. */
    public Standings run(List<Contestant> contestants) throws Exception {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        Exception failure = null;
        try {
            contestants.forEach(contestant -> samples.put(contestant.name(), new ArrayList<>()));
            for (int round = -warmUps; round < rounds; round++) {
                for (int turn = 0; turn < contestants.size(); turn++) {
                    Contestant contestant = contestants.get(Math.floorMod(turn + round, contestants.size()));
                    watching.next(contestant.name(), round + warmUps, warmUps + rounds);
                    Sample sample = contestant.run(slot);
                    if (round >= 0) {
                        samples.getOrDefault(contestant.name(), List.of()).add(sample);
                    }
                }
            }
        } catch (Exception e) {
            failure = e;
        }
        for (Contestant contestant : contestants) {
            try {
                contestant.close();
            } catch (Exception e) {
                // It says what was lost, which is worse than what it says of a measurement that went wrong before.
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return new Standings(samples);
    }

    /** Shows how far a contest has come. */
    @FunctionalInterface
    public interface Watching {
        /** This one is next. */
        void next(String contestant, int round, int rounds);
    }
}
