package ai.tatbot.state.bench.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.embedded.core.ExecutableProvider;

class FactsIT {
    /** What the decision on the atomic write relies on; a script that is changed must not make it untrue unnoticed. */
    @Test
    void theFactsHold() throws Exception {
        Path oldest = ExecutableProvider.newJarResourceProvider().get().toPath();

        assertThat(WriteStudy.study(0, List.of(oldest))).isTrue();
    }
}
