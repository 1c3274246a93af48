package ai.tatbot.state.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StoredUpdatesTest {
    @Test
    void everyUpdateRaisesTheRevisionByOne() {
        assertThatCode(() -> StoredUpdates.check("s1", 100, 41, 141)).doesNotThrowAnyException();
    }

    @Test
    void lostUpdateFails() {
        assertThatThrownBy(() -> StoredUpdates.check("s1", 100, 41, 140))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("session s1: 41 updates were acknowledged, but its revision went from 100 to 140, by 40");
    }

    @Test
    void updateStoredTwiceFails() {
        assertThatThrownBy(() -> StoredUpdates.check("s1", 100, 41, 142)).isInstanceOf(IllegalStateException.class);
    }
}
