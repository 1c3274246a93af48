package ai.tatbot.state.server.page;

import ai.tatbot.state.server.testkit.NodeProject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's own tests, which are in JavaScript: its types, its modules alone, and all of it in a real browser. */
@Tag("alone")
class PageIT {
    private final NodeProject page = NodeProject.of("page");

    @Test
    void itsTypesAreRight() {
        page.run(Duration.ofMinutes(1), Map.of(), "node_modules/typescript/bin/tsc", "-p", ".")
                .requireSuccess();
    }

    @Test
    void itsModulesDoWhatTheyShould() {
        page.run(Duration.ofMinutes(1), Map.of(), "test.mjs", "unit").requireSuccess();
    }

    @Test
    void itTellsTheTruthInABrowser(@TempDir Path folder) throws IOException {
        try (PageStage stage = new PageStage(folder)) {
            NodeProject.Outcome outcome = page.run(Duration.ofMinutes(5), stage.environment(), "test.mjs", "browser")
                    .requireSuccess();
            System.out.println(outcome.output());
        }
    }
}
