package ai.tatbot.state.server.http.guard;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.TokenStore;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.testkit.HttpFuzzer;
import ai.tatbot.state.server.testkit.RawHttp;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 100,000 wrong requests. -Dfuzz.seed=N makes other ones. */
class FuzzIT {
    private static final int REQUESTS = 100_000;

    @Test
    void whateverComesIsAnsweredProperlyAndTheServerStaysWell(@TempDir Path folder) {
        long seed = Long.getLong("fuzz.seed", 20_261_125L);
        Path tokens = folder.resolve("tokens");
        String token = new TokenStore(tokens).add("fuzzer", Set.of(Scope.READ, Scope.PUBLISH), null);
        try (GuardedServer server =
                GuardedServer.start(ServerOptions.builder().rate(1_000_000).tokens(tokens))) {
            int port = server.port();
            String event = "{\"channel\":\"system:events\",\"type\":\"lamp\",\"data\":{\"on\":true,\"level\":0.5}}";
            HttpFuzzer fuzzer = new HttpFuzzer(
                    port,
                    seed,
                    List.of(
                            new RequestText(port, "GET /").text(),
                            new RequestText(port, "GET /api/v1/state/robot:state:hog")
                                    .bearer(token)
                                    .text(),
                            new RequestText(port, "POST /api/v1/events")
                                    .bearer(token)
                                    .json(event)
                                    .text(),
                            new RequestText(port, "POST /login")
                                    .json("{\"token\":\"" + token + "\"}")
                                    .text()));
            HttpFuzzer.Outcome outcome = fuzzer.run(REQUESTS);
            assertThat(outcome.faults())
                    .as("seed %d, %s", seed, outcome.statuses())
                    .isEmpty();
            assertThat(outcome.unanswered()).isLessThan(REQUESTS / 10);
            // It got through to the routes, and was refused in many ways.
            assertThat(outcome.statuses()).containsKeys(200, 400, 401, 403, 404, 405, 415, 431);
            RawHttp.Answer answer = new RequestText(port, "POST /api/v1/events")
                    .bearer(token)
                    .json(event)
                    .send();
            assertThat(answer.body()).isEqualTo("fuzzer publishes " + event.length());
        }
    }
}
