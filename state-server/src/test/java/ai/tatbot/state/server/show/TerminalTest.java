package ai.tatbot.state.server.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private static Terminal of(boolean isTerminal, Map<String, String> environment) {
        return Terminal.of(System.out, System.err, isTerminal, environment);
    }

    @Test
    void aTerminalHasColoursAndCanRedraw() {
        Terminal terminal = of(true, Map.of("TERM", "xterm"));
        assertThat(terminal.interactive()).isTrue();
        assertThat(terminal.styled("x", Style.BOLD, Style.RED)).isEqualTo("\u001b[1;31mx\u001b[0m");
    }

    @Test
    void noColorMeansNoColour() {
        Terminal terminal = of(true, Map.of("TERM", "xterm", "NO_COLOR", "1"));
        assertThat(terminal.interactive()).isTrue();
        assertThat(terminal.styled("x", Style.RED)).isEqualTo("x");
        assertThat(of(true, Map.of("TERM", "xterm", "NO_COLOR", "")).coloured()).isTrue();
    }

    @Test
    void aPipeOrADumbTerminalGetsPlainText() {
        assertThat(of(false, Map.of("TERM", "xterm")).interactive()).isFalse();
        assertThat(of(false, Map.of("TERM", "xterm")).coloured()).isFalse();
        assertThat(of(true, Map.of("TERM", "dumb")).interactive()).isFalse();
        assertThat(of(true, Map.of()).interactive()).isFalse();
    }

    @Test
    void theLocaleTellsWhetherItShowsMoreThanAscii() {
        assertThat(of(true, Map.of("LANG", "de_DE.UTF-8")).unicode()).isTrue();
        assertThat(of(true, Map.of("LC_ALL", "C", "LANG", "de_DE.utf8")).unicode())
                .isFalse();
        assertThat(of(true, Map.of()).unicode()).isFalse();
    }

    @Test
    void barsAreAsWideAsAskedFor() {
        Terminal plain = of(false, Map.of());
        assertThat(Bar.of(plain, 0.5, 10)).isEqualTo("[#####.....]");
        assertThat(Bar.of(plain, 7, 4)).isEqualTo("[####]");
        assertThat(Bar.of(plain, Double.NaN, 4)).isEqualTo("[....]");
        Terminal fine = of(false, Map.of("LANG", "C.UTF-8"));
        for (int i = 0; i <= 100; i++) {
            assertThat(Bar.of(fine, i / 100.0, 7)).hasSize(7);
        }
    }
}
