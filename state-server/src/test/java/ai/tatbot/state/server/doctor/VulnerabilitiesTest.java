package ai.tatbot.state.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VulnerabilitiesTest {
    private final Vulnerabilities known = Vulnerabilities.packaged();

    private List<String> of(String kind, String version) {
        Product product = new Product(kind, Version.parse(version));
        return known.all().stream()
                .filter(one -> one.concerns(product))
                .flatMap(one -> one.ids().stream())
                .toList();
    }

    @Test
    void versionsAsUpstreamReleasedThem() {
        assertThat(of("redis", "6.2.24")).isEmpty();
        assertThat(of("redis", "6.2.19"))
                .contains("CVE-2025-49844", "CVE-2026-81934")
                .doesNotContain("CVE-2025-32023");
        assertThat(of("redis", "7.0.15"))
                .contains("CVE-2024-31227", "CVE-2026-66373")
                .doesNotContain("CVE-2026-23479");
        assertThat(of("redis", "7.2.16")).isEmpty();
        assertThat(of("redis", "7.2.13")).contains("CVE-2026-23479");
        assertThat(of("redis", "8.0.6")).contains("CVE-2026-81934").doesNotContain("CVE-2025-67733");
        assertThat(of("redis", "8.10.0")).containsExactly("CVE-2026-81934");
        assertThat(of("redis", "8.10.1")).isEmpty();
        assertThat(of("valkey", "8.1.10")).isEmpty();
        assertThat(of("valkey", "8.1.3")).contains("CVE-2025-49844", "CVE-2026-63639");
        // Nothing is claimed of what nothing is known of.
        assertThat(of("redis", "9.0.0")).isEmpty();
    }

    @Test
    void packagesOfDebian12() {
        assertThat(ofPackage("5:7.0.15-1~deb12u10")).isEmpty();
        assertThat(ofPackage("5:7.0.15-1~deb12u9")).containsExactly("CVE-2026-81934");
        assertThat(ofPackage("5:7.0.15-1~deb12u1")).contains("CVE-2024-31449", "CVE-2025-49844");
    }

    @Test
    void packagesOfDebian13() {
        assertThat(ofPackage("5:8.0.2-3+deb13u3")).isEmpty();
        assertThat(ofPackage("5:8.0.2-3+deb13u2")).contains("CVE-2026-81934").doesNotContain("CVE-2025-67733");
        assertThat(ofPackage("5:8.0.2-3+deb13u1")).contains("CVE-2025-67733").doesNotContain("CVE-2025-49844");
    }

    /** Of other releases nothing is known, and nothing is claimed. */
    @Test
    void packagesOfOthers() {
        assertThat(known.all())
                .allSatisfy(one -> assertThat(one.concerns(new DebianVersion("5:7.0.15-1ubuntu0.24.04.1")))
                        .isEmpty());
    }

    private List<String> ofPackage(String version) {
        return known.all().stream()
                .filter(one -> one.concerns(new DebianVersion(version)).orElse(false))
                .flatMap(one -> one.ids().stream())
                .toList();
    }

    @Test
    void whatDistributionsShip() {
        assertThat(known.isDistributed(new Product("redis", Version.parse("7.0.15"))))
                .isTrue();
        assertThat(known.isDistributed(new Product("redis", Version.parse("7.2.4"))))
                .isFalse();
    }
}
