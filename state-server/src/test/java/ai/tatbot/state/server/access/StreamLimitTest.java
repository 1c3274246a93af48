package ai.tatbot.state.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamLimitTest {
    private boolean valid = true;

    private Grant grant(String name) {
        return new Grant(new Principal(name, Set.of(Scope.READ)), () -> valid);
    }

    @Test
    void soManyOfEach() {
        StreamLimit limit = new StreamLimit(2);
        StreamLimit.Permit first = limit.open(grant("ook")).orElseThrow();
        assertThat(limit.open(grant("ook"))).isPresent();
        assertThat(limit.open(grant("ook"))).isEmpty();
        assertThat(limit.open(grant("hog"))).isPresent();
        first.close();
        first.close();
        assertThat(limit.count(grant("ook").principal())).isEqualTo(1);
        assertThat(limit.open(grant("ook"))).isPresent();
        assertThat(limit.open(grant("ook"))).isEmpty();
    }

    @Test
    void aPermitEndsWithItsGrant() {
        StreamLimit.Permit permit = new StreamLimit(2).open(grant("ook")).orElseThrow();
        assertThat(permit.isValid()).isTrue();
        valid = false;
        assertThat(permit.isValid()).isFalse();
        valid = true;
        permit.close();
        assertThat(permit.isValid()).isFalse();
    }
}
