package ai.tatbot.state.client.faultkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.model.Channels;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The proxy loses what it is told to lose, and nothing else. */
class ProxyIT {
    @Test
    void itSwallowsOneMessage() {
        List<Integer> poses = new CopyOnWriteArrayList<>();
        try (RedisServer redis = RedisServer.start();
                Proxy proxy = Proxy.to(redis.port());
                StateManager hog =
                        StateManager.connect(redis.options().nodeId("hog").build());
                StateManager ook =
                        StateManager.connect(redis.options().port(proxy.port()).build());
                StrokeSession session = hog.startStrokeSession(Samples.tattoo())) {
            ook.subscribe(Channels.STROKE_PROGRESS, event -> poses.add(event.poseIdx()));
            session.update(0, 1);
            Awaitility.await().until(() -> poses.size() == 1);
            proxy.swallow(2);
            for (int pose = 2; pose <= 5; pose++) {
                session.update(0, pose);
            }
            Awaitility.await().until(() -> poses.contains(5));
            assertThat(poses).containsExactly(1, 2, 4, 5);
            assertThat(proxy.swallowed()).isEqualTo(1);
            assertThat(proxy.bytes(Proxy.Direction.TO_CLIENT)).isPositive();
        }
    }
}
