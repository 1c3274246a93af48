package ai.tatbot.state.client.faultkit;

import org.junit.jupiter.api.Tag;

/** A Redis in a container. */
@Tag("container")
class FaultKitContainerIT extends FaultKitContract {
    @Override
    RedisUnderTest start() {
        return RedisContainer.startDurable();
    }
}
