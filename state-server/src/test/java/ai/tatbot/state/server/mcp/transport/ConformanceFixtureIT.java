package ai.tatbot.state.server.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.server.testkit.NodeProject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConformanceFixtureIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Shorter than the fixture's long call, so that its stream ends before it and has to be resumed. */
    private static final Duration STREAM_LIFE = Duration.ofMillis(700);

    @Test
    void everyScenarioOfTheOfficialSuitePasses() {
        try (StreamableHttp transport = new StreamableHttp(TransportLimits.DEFAULT.withStreamLife(STREAM_LIFE));
                MountedServlet server = MountedServlet.guarded(transport.servlet())) {
            ConformanceFixture.serve(transport, STREAM_LIFE.multipliedBy(2));

            NodeProject.Outcome outcome = NodeProject.of("mcp")
                    .run(LIMIT, Map.of(), "conformance.mjs", server.uri().toString());

            outcome.requireSuccess();
            assertThat(outcome.output()).containsPattern("(3[2-9]|[4-9][0-9]) scenarios passed, 0 failed");
        }
    }
}
