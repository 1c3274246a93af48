package ai.tatbot.state.server.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.StateJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GivenEventTest {
    private static GivenEvent read(String json) {
        return GivenEvent.read(Channels.SYSTEM_EVENTS, json.getBytes(StandardCharsets.UTF_8), "ojo");
    }

    @Test
    void whatIsGivenStaysAsItIsUnknownFieldsToo() {
        GivenEvent event = read("{\"type\": \"lamp\", \"timestamp\": \"2026-01-02T03:04:05Z\", \"node_id\": \"hog\","
                + " \"lux\": 1.10, \"data\": {\"on\": true}}");
        assertThat(StateJson.text(event))
                .isEqualTo("{\"type\":\"lamp\",\"timestamp\":\"2026-01-02T03:04:05Z\",\"node_id\":\"hog\",\"lux\":1.10,"
                        + "\"data\":{\"on\":true}}");
    }

    @Test
    void timeAndNodeAreFilledInIfAbsentOrNull() {
        GivenEvent event = read("{\"type\": \"lamp\", \"node_id\": null, \"timestamp\": null}");
        assertThat(event.nodeId()).isEqualTo("ojo");
        assertThat(StateJson.text(event))
                .matches("\\{\"type\":\"lamp\",\"timestamp\":\"[^\"]+Z\",\"node_id\":\"ojo\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`[1]` | `an event is a JSON object, such as {\"type\": \"...\"}`",
                "`{\"data\": {}}` | `type is required`",
                "`{\"type\": \"a\", \"type\": \"b\"}` | `a field occurs twice`",
                "`{\"type\": \"a\"} {}` | `there is more behind the JSON object`",
                "`{\"type\": \"a\", \"rev\": 1}` | `rev, event_id, seq and seq_lost are given by Redis; leave them out`",
                "`{\"type\": \"a\", \"data\": 3}` | `data must be an object, was 3`",
                "`{\"type\": 3}` | `type must be a string, was 3`",
                "`{\"type\": \"a\", \"node_id\": \"a b\"}` | `node_id must match [A-Za-z0-9][A-Za-z0-9_.-]{0,63}, was \"a b\"`",
            })
    void whatDoesNotFitIsRefused(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(message);
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> read("lamp"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("not JSON at byte ");
    }

    @Test
    void whatIsTooLongIsRefused() {
        assertThatThrownBy(() -> read("{\"type\": \"a\", \"data\": {\"x\": \"" + "y".repeat(70_000) + "\"}}"))
                .hasMessage("an event must have at most 65536 bytes");
    }
}
