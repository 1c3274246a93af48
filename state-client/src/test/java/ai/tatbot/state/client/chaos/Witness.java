package ai.tatbot.state.client.chaos;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Versioned;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A listener that checks the order of what it is told, and remembers the rest. Thread-safe. */
final class Witness implements WatchListener {
    private final String name;
    private final Violations violations;
    private final Map<Key<?>, Optional<Versioned<?>>> latest = new HashMap<>();
    private final Map<Key<?>, Long> revisions = new HashMap<>();
    private final Map<String, Integer> transitions = new HashMap<>();
    private final @Nullable Random pauses;
    private @Nullable String lastId;
    private long lost;
    private volatile boolean slow;

    /** @param pauses when it is to be slow; null for never */
    Witness(String name, Violations violations, @Nullable Random pauses) {
        this.name = name;
        this.violations = violations;
        this.pauses = pauses;
        this.slow = pauses != null;
    }

    @Override
    public void onChange(StateChange<?> change) {
        synchronized (this) {
            Versioned<?> value = change.value();
            latest.put(change.key(), Optional.ofNullable(value));
            if (value != null && value.rev() != null) {
                Long before = revisions.put(change.key(), value.rev());
                if (before != null && before > value.rev()) {
                    violations.add(name + " was told of " + change + " after revision " + before);
                }
            }
        }
        dawdle();
    }

    @Override
    public void onTransition(StateTransition transition) {
        synchronized (this) {
            String id = transition.event().eventId();
            if (id == null) {
                violations.add(name + " was told of a transition without an id: " + transition);
            } else if (lastId != null && compare(id, lastId) <= 0) {
                violations.add(name + " was told of " + transition + " after " + lastId);
            }
            lastId = id;
            transitions.merge(Identity.of(transition.event()), 1, Integer::sum);
        }
        dawdle();
    }

    @Override
    public synchronized void onLost(LostTransitions some) {
        lost += some.count();
    }

    /** From now on it is as quick as it can be. */
    void hurry() {
        slow = false;
    }

    private void dawdle() {
        if (slow && pauses != null && pauses.nextInt(4) == 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1 + pauses.nextInt(20)));
        }
    }

    String name() {
        return name;
    }

    /** What it was told last of each document. */
    synchronized Map<Key<?>, Optional<Versioned<?>>> latest() {
        return new HashMap<>(latest);
    }

    /** How often it was told of each transition. */
    synchronized Map<String, Integer> transitions() {
        return new HashMap<>(transitions);
    }

    /** How many transitions it was told to be lost. */
    synchronized long lost() {
        return lost;
    }

    private static int compare(String one, String other) {
        String[] a = one.split("-", 2);
        String[] b = other.split("-", 2);
        int millis = Long.compare(Long.parseLong(a[0]), Long.parseLong(b[0]));
        return millis != 0 ? millis : Long.compare(Long.parseLong(a[1]), Long.parseLong(b[1]));
    }
}
