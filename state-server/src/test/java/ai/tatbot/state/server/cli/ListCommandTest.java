package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListCommandTest {
    private static List<String> kinds(String prefix) {
        return ListCommand.kinds(prefix).stream().map(KeyKind::name).toList();
    }

    @Test
    void aPrefixChoosesTheKindsThatMayBeginSo() {
        assertThat(kinds("")).hasSize(Keys.all().size());
        assertThat(kinds("str")).containsExactlyInAnyOrder("stroke_progress", "stroke_history");
        assertThat(kinds("robot:state:h")).containsExactly("robot_state");
        assertThat(kinds("events:log")).containsExactly("events_log");
    }

    @Test
    void aPrefixOfNoKindIsRefused() {
        for (String prefix : List.of("nope", "robot:state:*", "events:logs", "robot:state:a b")) {
            assertThatThrownBy(() -> ListCommand.kinds(prefix))
                    .isInstanceOf(CliException.class)
                    .hasMessageStartingWith(
                            "no key of the schema begins with \"" + prefix + "\". Keys are: events:log, ");
        }
    }
}
