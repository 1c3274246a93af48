package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.LegacyNode;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.server.testkit.Cli;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An older, Python node, followed by {@code watch} and read by {@code get}, {@code list} and {@code status}. */
class PythonWriterIT {
    private static final String SESSION = "stroke_hog_1755547777";

    @Test
    void isFollowedAndRead() throws Exception {
        try (RedisServer redis = RedisServer.start();
                LegacyNode python = LegacyNode.beside(redis)) {
            Cli watching = Cli.with(redis);
            CompletableFuture<Cli.Outcome> watched =
                    CompletableFuture.supplyAsync(() -> watching.run("watch", "--json", "--count", "4"));
            Awaitility.await().until(() -> watching.err().contains("listening"));
            python.run("write", "hog", SESSION);
            python.run("publish", "hog", SESSION);

            assertThat(watched.get(30, TimeUnit.SECONDS).out())
                    .contains("session_start", "progress_update", "state_update", "needle stuck", SESSION);
            assertThat(Cli.with(redis).run("get", "stroke:progress:" + SESSION).out())
                    .contains("tatbotlogo");
            assertThat(Cli.with(redis).run("get", "robot:state:hog", "--json").out())
                    .contains("\"rev\":null", "is_connected_l");
            assertThat(Cli.with(redis).run("list").out())
                    .contains("robot:state:hog", "node:health:hog", "stroke:progress:" + SESSION);
            assertThat(Cli.with(redis).run("status").out()).contains("hog", SESSION);
        }
    }
}
