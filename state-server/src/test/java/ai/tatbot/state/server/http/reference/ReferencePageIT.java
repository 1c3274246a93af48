package ai.tatbot.state.server.http.reference;

import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.http.StateServer;
import ai.tatbot.state.server.testkit.NodeProject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The reference page in a real browser. */
class ReferencePageIT {
    @Test
    void itShowsEverythingAndHidesNothingFromAnyone() {
        try (RedisServer redis = RedisServer.start();
                StateServer server = StateServer.start(redis.options().nodeId("server"), ServerOptions.loopback(0))) {
            NodeProject.of("page")
                    .run(Duration.ofMinutes(2), Map.of(), "reference.mjs", server.url())
                    .requireSuccess();
        }
    }
}
