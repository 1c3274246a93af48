package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchCommandTest {
    @Test
    void withoutAChannelItListensToAll() {
        assertThat(WatchCommand.patterns(List.of()))
                .containsExactly(
                        "error:events:*",
                        "node:events:*",
                        "robot:events",
                        "stroke:events:progress",
                        "stroke:events:session",
                        "system:events");
    }

    @Test
    void aChannelThatAPatternCoversIsNotAskedForTwice() {
        assertThat(WatchCommand.patterns(List.of("node:events:hog", "node:events:*", "robot:events")))
                .containsExactlyInAnyOrder("node:events:*", "robot:events");
    }

    @Test
    void whatIsNoChannelIsRefused() {
        assertThatThrownBy(() -> WatchCommand.patterns(List.of("*")))
                .isInstanceOf(CliException.class)
                .hasMessageStartingWith("\"*\" is no channel of the schema. Channels are: error:events:{category}, ");
        assertThatThrownBy(() -> WatchCommand.patterns(List.of("node:events:h*")))
                .isInstanceOf(CliException.class);
    }

    @Test
    void timesHaveUnits() {
        assertThat(WatchCommand.duration("10s")).isEqualTo(Duration.ofSeconds(10));
        assertThat(WatchCommand.duration("250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(WatchCommand.duration("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(WatchCommand.duration("1h")).isEqualTo(Duration.ofHours(1));
        assertThat(WatchCommand.duration("3")).isEqualTo(Duration.ofSeconds(3));
        assertThat(WatchCommand.duration("8760h")).isEqualTo(Duration.ofDays(365));
        for (String wrong : List.of("soon", "0s", "8761h", "999999999h", "9999999999999999999s", "-1s")) {
            assertThatThrownBy(() -> WatchCommand.duration(wrong))
                    .isInstanceOf(CliException.class)
                    .hasMessage("--for must be a time such as 10s, 500ms, 5m or 1h, from 1ms to 8760h, was \"" + wrong
                            + "\"");
        }
    }
}
