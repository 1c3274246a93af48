package ai.tatbot.state.client.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Nothing grows in twenty minutes; {@code ops/soak} runs it. System properties: {@code soak.minutes}, {@code soak.rate} in updates a
 * second, {@code soak.json} file for the samples.
 */
@Tag("long")
class SoakIT {
    @Test
    void nothingGrows() throws InterruptedException, IOException {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        Soak soak = new Soak(Integer.getInteger("soak.minutes", 20), Integer.getInteger("soak.rate", 10_000));
        Iterable<String> grown = soak.run();
        Path file = Path.of(System.getProperty("soak.json", "target/soak.json"));
        Files.writeString(file, soak.json());
        System.out.println("samples: " + file.toAbsolutePath());
        assertThat(grown).as("what grew").isEmpty();
    }
}
