package ai.tatbot.state.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The demo must notice when the network between hog and ook loses something. */
class DemoLossIT {
    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private static DemoReport play(StateOptions.Builder ook) throws InterruptedException {
        List<DemoReport> reports = new ArrayList<>();
        boolean sound = new Demo(redis.options(), ook, 2, 40, 1_000, true).run(null, reports::add);
        assertThat(reports).hasSize(1);
        assertThat(reports.get(0).isSound()).isEqualTo(sound);
        return reports.get(0);
    }

    @Test
    void aMessageThatTheNetworkSwallowsIsLost() throws InterruptedException {
        try (Proxy proxy = Proxy.to(redis.port())) {
            proxy.swallow(30);
            DemoReport report = play(redis.options().port(proxy.port()));
            assertThat(proxy.swallowed()).isEqualTo(1);
            assertThat(report.counts().missing()).isEqualTo(1);
            assertThat(report.counts().outOfOrder()).isZero();
            assertThat(report.isSound()).isFalse();
            assertThat(report.json()).contains("\"updates\":80,", "\"lost\":1,", "\"out_of_order\":0,");
            assertThat(report.text()).contains(" 1 lost, 0 out of order");
        }
    }

    @Test
    void throughASoundNetworkNothingIsLost() throws InterruptedException {
        try (Proxy proxy = Proxy.to(redis.port())) {
            DemoReport report = play(redis.options().port(proxy.port()));
            assertThat(report.isSound()).isTrue();
            assertThat(report.counts().updates()).isEqualTo(80);
            assertThat(report.counts().events())
                    .isGreaterThanOrEqualTo(report.counts().writes());
            assertThat(report.counts().p99Micros())
                    .isGreaterThanOrEqualTo(report.counts().p50Micros());
        }
    }
}
