package ai.tatbot.state.client.chaos;

import java.util.ArrayList;
import java.util.List;

/** What was found to be wrong in one run, the first of many. Thread-safe. */
final class Violations {
    private static final int MOST = 20;

    private final long beginNanos = System.nanoTime();
    private final List<String> found = new ArrayList<>();

    synchronized void add(String what) {
        if (found.size() < MOST) {
            found.add("after " + (System.nanoTime() - beginNanos) / 1_000_000 + " ms: " + what);
        }
    }

    synchronized List<String> found() {
        return List.copyOf(found);
    }
}
