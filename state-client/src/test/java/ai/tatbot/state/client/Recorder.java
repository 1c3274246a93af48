package ai.tatbot.state.client;

import ai.tatbot.state.model.Event;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a watch tells. */
class Recorder implements WatchListener {
    final List<StateChange<?>> changes = new CopyOnWriteArrayList<>();
    final List<StateTransition> transitions = new CopyOnWriteArrayList<>();
    final List<LostTransitions> lost = new CopyOnWriteArrayList<>();
    final List<WatchStatus> statuses = new CopyOnWriteArrayList<>();

    @Override
    public void onChange(StateChange<?> change) {
        changes.add(change);
    }

    @Override
    public void onTransition(StateTransition transition) {
        transitions.add(transition);
    }

    @Override
    public void onLost(LostTransitions some) {
        lost.add(some);
    }

    @Override
    public void onStatus(WatchStatus status) {
        statuses.add(status);
    }

    List<String> types() {
        return transitions.stream().map(StateTransition::event).map(Event::type).toList();
    }

    long lostCount() {
        return lost.stream().mapToLong(LostTransitions::count).sum();
    }
}
