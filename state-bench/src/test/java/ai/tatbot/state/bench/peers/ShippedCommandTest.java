package ai.tatbot.state.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShippedCommandTest {
    @Test
    void wordsAreUnquoted() {
        assertThat(words("1700000000.123456 [0 127.0.0.1:5] \"EVALSHA\" \"ab\\\"c\\\\\" \"\" \"a\\r\\n\\t\""))
                .containsExactly("EVALSHA", "ab\"c\\", "", "a\r\n\t");
        assertThat(words("1.2 [0 127.0.0.1:5] \"SET\" \"\\xe4\\xb8\\xad\"")).containsExactly("SET", "\u4e2d");
    }

    @Test
    void whatAScriptDoesIsNotACommandOfAClient() {
        assertThat(ShippedCommand.isFromScript("1.2 [0 lua] \"HSET\" \"key\"")).isTrue();
        assertThat(ShippedCommand.isFromScript("1.2 [0 127.0.0.1:5] \"SET\" \"lua]\""))
                .isFalse();
    }

    @Test
    void figuresOfRedisBenchmarkAreFoundBehindWhateverTheCommandIs() throws Exception {
        String head = "\"test\",\"rps\",\"avg_latency_ms\",\"min\",\"p50\",\"p95\",\"p99\",\"max_latency_ms\"\n";
        assertThat(Ceiling.perSecond(
                        head + "\"SET {\"a\",\"b\"}\",\"175438.59\",\"0.5\",\"0.1\",\"0.3\",\"2.0\",\"3.8\",\"6.7\""))
                .isEqualTo(175438.59);
    }

    private static List<String> words(String line) {
        return ShippedCommand.words(line).stream()
                .map(word -> new String(word, StandardCharsets.UTF_8))
                .toList();
    }
}
