package ai.tatbot.state.server.live;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;

/** Brings what the watch tells into the feed. */
final class Follower implements WatchListener {
    private final ChangeFeed feed;
    private final NodeBook nodes;
    private final FleetMeter meter;

    Follower(ChangeFeed feed, NodeBook nodes, FleetMeter meter) {
        this.feed = feed;
        this.nodes = nodes;
        this.meter = meter;
    }

    @Override
    @SuppressWarnings("unchecked") // a key of a kind tells of its documents
    public void onChange(StateChange<?> change) {
        meter.onChange(change);
        feed.put(new News.OfDocument(change));
        String kind = change.key().kind().name();
        if (kind.equals(Keys.NODE_HEALTH.name())) {
            nodes.health(change.key().id(), ((StateChange<NodeHealth>) change).value());
        } else if (kind.equals(Keys.ROBOT_STATE.name())) {
            nodes.robot(change.key().id(), ((StateChange<RobotState>) change).value());
        }
    }

    @Override
    public void onTransition(StateTransition transition) {
        meter.onTransition(transition);
        feed.put(new News.OfTransition(transition));
        nodes.told(transition.event());
    }

    @Override
    public void onLost(LostTransitions lost) {
        meter.onLost(lost);
        feed.put(new News.OfLoss(lost));
    }

    @Override
    public void onStatus(WatchStatus status) {
        meter.onStatus(status);
        feed.wake();
    }
}
