package ai.tatbot.state.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Objects of any shape: whatever is accepted is written, and reads back as the equal of what was sent. */
class OpenValuesTest {
    @Test
    void whatIsSentArrivesEqual() {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("int", 5);
        data.put("long that fits an int", 5L);
        data.put("long", 3_000_000_000L);
        data.put("short", (short) 5);
        data.put("byte", (byte) -5);
        data.put("big", BigInteger.TWO.pow(100));
        data.put("big that fits a long", BigInteger.valueOf(Long.MIN_VALUE));
        data.put("double", 0.1);
        data.put("whole double", 2.0);
        data.put("float", 0.1f);
        data.put("decimal", new BigDecimal("0.10"));
        data.put("text", "温度 \u0000 \" \\ 🖋");
        data.put("", true);
        data.put("nothing", null);
        data.put("list", Arrays.asList(1L, null, List.of(), Map.of()));
        CustomEvent event = event(data);
        CustomEvent read = StateJson.read(StateJson.write(event), CustomEvent.JSON);
        assertThat(read).isEqualTo(event).hasSameHashCodeAs(event);
        assertThat(read.data())
                .containsEntry("long that fits an int", 5)
                .containsEntry("big that fits a long", Long.MIN_VALUE)
                .containsEntry("decimal", 0.1)
                .containsEntry("float", (double) 0.1f)
                .containsEntry("nothing", null);
        assertThat(requireNonNull(read.data()).keySet()).containsExactlyElementsOf(data.keySet());
    }

    @Test
    void whatIsNotJsonIsRefused() {
        refused(new AtomicInteger(5), "java.util.concurrent.atomic.AtomicInteger");
        refused(new Object(), "java.lang.Object");
        refused('x', "java.lang.Character");
        refused(new int[] {1}, "\"[I\"");
        refused(Double.NaN, "finite");
        refused(Float.NaN, "finite");
        refused(Double.NEGATIVE_INFINITY, "finite");
        refused(new BigDecimal("1e400"), "finite");
        refused(BigInteger.TWO.pow(5000), "1024 bits");
        refused("\ud800", "surrogate");
        refused(Map.of("a\udc00", 1), "surrogate");
        refused(Map.of(1, 1), "java.lang.Integer");
        Map<@Nullable String, Object> nameless = new HashMap<>();
        nameless.put(null, 1);
        refused(nameless, "has a null");
    }

    @Test
    void depthIsBounded() {
        Map<String, @Nullable Object> endless = new HashMap<>();
        endless.put("again", endless);
        refused(endless, "nested deeper than 32");
        List<Object> lists = new ArrayList<>();
        lists.add(lists);
        refused(lists, "nested deeper than 32");
        assertThat(nested(31).data()).isNotEmpty();
        assertThatThrownBy(() -> nested(32))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("data must not be nested deeper than 32");
        CustomEvent deepest = nested(31);
        assertThat(StateJson.read(StateJson.write(deepest), CustomEvent.JSON)).isEqualTo(deepest);
    }

    private static CustomEvent nested(int lists) {
        Object value = 1;
        for (int i = 0; i < lists; i++) {
            value = List.of(value);
        }
        return event(Map.of("x", value));
    }

    private static void refused(Object value, String reason) {
        assertThatThrownBy(() -> event(Map.of("x", value)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("data must ")
                .hasMessageContaining(reason);
    }

    private static CustomEvent event(Map<String, ?> data) {
        @SuppressWarnings("unchecked")
        Map<String, Object> given = (Map<String, Object>) data;
        return CustomEvent.builder().type("ink_low").data(given).build();
    }
}
