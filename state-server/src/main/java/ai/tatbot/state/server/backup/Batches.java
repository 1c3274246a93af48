package ai.tatbot.state.server.backup;

import java.util.ArrayList;
import java.util.List;

/** Lists in pieces. */
final class Batches {
    private Batches() {}

    /** The same elements in the same order, at most so many together. */
    static <T> List<List<T>> of(List<T> all, int most) {
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += most) {
            batches.add(all.subList(from, Math.min(from + most, all.size())));
        }
        return batches;
    }
}
