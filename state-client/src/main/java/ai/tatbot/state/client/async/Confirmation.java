package ai.tatbot.state.client.async;

import java.util.ArrayList;
import java.util.List;

/** Writes of one flush that have been done, until the one {@code WAIT} behind them says how many replicas have them. */
final class Confirmation {
    private final List<Stored> stored = new ArrayList<>();

    void add(Call call, Object answer) {
        stored.add(new Stored(call, answer));
    }

    /** Those that wait; they do so no more. */
    List<Stored> take() {
        List<Stored> taken = List.copyOf(stored);
        stored.clear();
        return taken;
    }

    /** A write, and what Redis has answered. */
    record Stored(Call call, Object answer) {}
}
