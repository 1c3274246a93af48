package ai.tatbot.state.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PageSessionTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private static StoredToken token(String name, @Nullable Instant expires) {
        return new StoredToken(name, Set.of(Scope.READ), NOW, expires, TokenHash.of(TokenText.random()));
    }

    private static Optional<String> find(String value, Instant now, StoredToken... tokens) {
        return PageSession.find(value, new Tokens(List.of(tokens)), now)
                .map(session -> session.token().name());
    }

    @Test
    void itIsFoundAgainUntilItEnds() {
        StoredToken ook = token("ook.display-1", null);
        PageSession session = PageSession.of(ook, NOW);
        Instant end = NOW.plus(PageSession.LONGEST);
        assertThat(session.expires()).isEqualTo(end);
        assertThat(find(session.value(), NOW, token("hog", null), ook)).contains("ook.display-1");
        assertThat(find(session.value(), end.minusSeconds(1), ook)).contains("ook.display-1");
        assertThat(find(session.value(), end, ook)).isEmpty();
    }

    @Test
    void itEndsWithItsToken() {
        Instant expires = NOW.plus(Duration.ofHours(1));
        StoredToken ook = token("ook", expires);
        PageSession session = PageSession.of(ook, NOW);
        assertThat(session.expires()).isEqualTo(expires);
        assertThat(find(session.value(), expires, ook)).isEmpty();
        assertThat(find(session.value(), NOW)).isEmpty();
        // another token of the same name
        assertThat(find(session.value(), NOW, token("ook", expires))).isEmpty();
    }

    @Test
    void nothingInItCanBeChanged() {
        StoredToken ook = token("ook", null);
        StoredToken admin = token("admin", null);
        String value = PageSession.of(ook, NOW).value();
        assertThat(find(value.replace("ook", "admin"), NOW, ook, admin)).isEmpty();
        String[] parts = value.split("\\.", -1);
        assertThat(find(parts[0] + "." + (Long.parseLong(parts[1]) + 1) + "." + parts[2], NOW, ook))
                .isEmpty();
        for (int i = 0; i < value.length(); i++) {
            String changed = value.substring(0, i) + (value.charAt(i) == 'A' ? 'B' : 'A') + value.substring(i + 1);
            assertThat(find(changed, NOW, ook, admin)).isEmpty();
            assertThat(find(value.substring(0, i), NOW, ook)).isEmpty();
        }
        for (String other : List.of("", ".", "..", "a.b", "ook..", "ook.1.", ".1.x", "x".repeat(10_000))) {
            assertThat(find(other, NOW, ook)).isEmpty();
        }
    }

    @Test
    void itShowsNothingOfTheToken() {
        StoredToken ook = token("ook", null);
        PageSession session = PageSession.of(ook, NOW);
        assertThat(session.value()).matches("ook\\.[0-9]+\\.[A-Za-z0-9_-]{43}");
        assertThat(session.toString()).doesNotContain(session.value());
    }
}
