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

/** The demo must notice when something that hog has written does not reach ook. */
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
    void aPositionThatTheNetworkSwallowsIsMadeUpFor() throws InterruptedException {
        try (Proxy proxy = Proxy.to(redis.port())) {
            proxy.swallow(30);
            DemoReport report = play(redis.options().port(proxy.port()));
            assertThat(proxy.swallowed()).isEqualTo(1);
            assertThat(report.counts().conflated()).isPositive();
            assertThat(report.counts().lost()).isZero();
            assertThat(report.counts().outOfOrder()).isZero();
            assertThat(report.isSound()).isTrue();
            assertThat(report.json()).contains("\"updates\":80,", "\"lost\":0,", "\"out_of_order\":0,");
            assertThat(report.text())
                    .contains(" 0 lost, 0 out of order, " + report.counts().conflated() + " conflated");
        }
    }

    @Test
    void transitionsThatArePublishedAndLoggedNowhereAreLost() throws InterruptedException {
        // The viewer is on another Redis: nothing arrives there.
        try (RedisServer other = RedisServer.start()) {
            DemoReport report = play(other.options());
            assertThat(report.counts().lostTransitions())
                    .as("4 of the session, 4 of the arms")
                    .isEqualTo(8);
            assertThat(report.counts().lostPositions()).isGreaterThanOrEqualTo(80);
            assertThat(report.isSound()).isFalse();
            assertThat(report.json()).contains("\"events\":0,", "\"lost_transitions\":8,");
        }
    }

    @Test
    void throughASoundNetworkNothingIsLost() throws InterruptedException {
        try (Proxy proxy = Proxy.to(redis.port())) {
            DemoReport report = play(redis.options().port(proxy.port()));
            assertThat(report.isSound()).isTrue();
            assertThat(report.counts().updates()).isEqualTo(80);
            assertThat(report.counts().lost()).isZero();
            assertThat(report.counts().events() + report.counts().conflated())
                    .isGreaterThanOrEqualTo(report.counts().writes());
            assertThat(report.counts().p99Micros())
                    .isGreaterThanOrEqualTo(report.counts().p50Micros());
        }
    }
}
