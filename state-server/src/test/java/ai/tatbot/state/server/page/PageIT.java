package ai.tatbot.state.server.page;

import ai.tatbot.state.server.testkit.NodeProject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page's own tests, which are in JavaScript: its types, its modules alone, and all of it in a real browser. */
class PageIT {
    private static final Logger LOG = LoggerFactory.getLogger(PageIT.class);

    private final NodeProject page = NodeProject.of("page");

    @Test
    void itsTypesAreRight() {
        page.run(Duration.ofSeconds(60), Map.of(), "node_modules/typescript/bin/tsc", "-p", ".")
                .requireSuccess();
    }

    @Test
    void itsModulesDoWhatTheyShould() {
        page.run(Duration.ofSeconds(60), Map.of(), "test.mjs", "unit").requireSuccess();
    }

    @Test
    void itTellsTheTruthInABrowser(@TempDir Path folder) throws IOException {
        try (PageStage stage = new PageStage(folder)) {
            NodeProject.Outcome outcome = page.run(Duration.ofSeconds(150), stage.environment(), "test.mjs", "browser")
                    .requireSuccess();
            LOG.info("{}", outcome.output());
        }
    }
}
