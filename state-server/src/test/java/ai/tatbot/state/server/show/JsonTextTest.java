package ai.tatbot.state.server.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.model.InvalidValueException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private static String copied(String json) {
        return JsonText.object(out -> {
            out.writeName("v");
            JsonText.copy(out, json.getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void nothingInItCanSteerATerminal() {
        assertThat(JsonText.object(out -> out.writeStringProperty("a", "\u001b[2J\u009b\u202e\u007f\n\u00e4")))
                .isEqualTo("{\"a\":\"\\u001B[2J\\u009B\\u202E\\u007f\\n\\u00E4\"}");
    }

    @Test
    void aCopyKeepsDigitsAndOrderOnOneLine() {
        assertThat(copied("{\n \"b\": 1.10,\n \"a\": [7, 12345678901234567890],\n \"b\": null}"))
                .isEqualTo("{\"v\":{\"b\":1.10,\"a\":[7,12345678901234567890],\"b\":null}}");
    }

    @Test
    void whatIsNoJsonIsNotCopied() {
        assertThatThrownBy(() -> copied("{\"a\":")).isInstanceOf(InvalidValueException.class);
    }
}
