package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.HealthUpdate;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;

/** A node's heartbeat. */
final class PublishHealth extends PublishKey<NodeHealth> {
    private final Key<NodeHealth> key;

    PublishHealth(String nodeId) {
        this.key = Keys.nodeHealth(nodeId);
    }

    @Override
    Key<? extends Document> key() {
        return key;
    }

    @Override
    DocumentWrite<?> write(NodeHealth health) {
        return new DocumentWrite<>(key, health)
                .event(
                        Channels.nodeEvents(health.nodeId()),
                        HealthUpdate.builder().from(health).build());
    }
}
