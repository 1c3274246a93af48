package ai.tatbot.state.client.faultkit;

/** A Redis that is a process. */
class FaultKitIT extends FaultKitContract {
    @Override
    RedisUnderTest start() {
        return RedisServer.startDurable();
    }
}
