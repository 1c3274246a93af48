package ai.tatbot.state.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DebianVersionTest {
    @Test
    void theOrderOfDebian() {
        List<String> ascending = List.of(
                "0~1",
                "0",
                "1.0~rc1-1",
                "1.0-1~deb12u1",
                "1.0-1",
                "1.0-1+deb12u1",
                "1.0-1.1",
                "1.0-2",
                "1.0-10",
                "1.0a-1",
                "1.0+dfsg-1",
                "1.1-1",
                "7.0.15-1~deb12u10",
                "5:7.0.15-1~deb12u2",
                "5:7.0.15-1~deb12u10",
                "5:7.0.15-1",
                "5:8.0.2-3");
        for (int i = 0; i < ascending.size(); i++) {
            for (int j = 0; j < ascending.size(); j++) {
                assertThat(Integer.signum(
                                new DebianVersion(ascending.get(i)).compareTo(new DebianVersion(ascending.get(j)))))
                        .as("%s and %s", ascending.get(i), ascending.get(j))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void theReleaseThatAPackageIsOf() {
        assertThat(new DebianVersion("5:7.0.15-1~deb12u10").isOf("deb12")).isTrue();
        assertThat(new DebianVersion("5:8.0.2-3+deb13u1").isOf("deb13")).isTrue();
        assertThat(new DebianVersion("5:8.0.2-3+deb13u1").isOf("deb12")).isFalse();
        assertThat(new DebianVersion("5:7.0.15-1build2").isOf("deb12")).isFalse();
    }
}
