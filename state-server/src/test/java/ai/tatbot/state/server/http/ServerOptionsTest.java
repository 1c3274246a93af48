package ai.tatbot.state.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerOptionsTest {
    private static final Path TOKENS = Path.of("tokens");
    private static final Path CERTIFICATE = Path.of("server.crt");
    private static final Path KEY = Path.of("server.key");

    private static ServerOptions.Builder builder() {
        return ServerOptions.builder();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.5.5.5", "localhost", "::1", "[::1]"})
    void onLoopbackNothingIsAsked(String host) {
        ServerOptions options = builder().host(host).build();
        assertThat(options.isLoopback()).isTrue();
        assertThat(options.tokens()).isNull();
        assertThat(options.tls()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "[::]", "192.0.2.1", "::ffff:192.0.2.1", "0", "fd00::1"})
    void beyondLoopbackItTakesTokensAndTls(String host) {
        assertThatThrownBy(() -> builder().host(host).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--host " + host + " can be reached by other machines, and without tokens")
                .hasMessageContaining("tatbot-state token new NAME --scope read --file FILE. Then add --tokens FILE");
        assertThatThrownBy(() -> builder().host(host).insecureHttp(true).build())
                .hasMessageContaining("without tokens");
        assertThatThrownBy(() -> builder().host(host).tls(CERTIFICATE, KEY).build())
                .hasMessageContaining("without tokens");
        assertThatThrownBy(() -> builder().host(host).tokens(TOKENS).build())
                .hasMessageContaining("without TLS everyone on the way reads the tokens");
        assertThat(builder()
                        .host(host)
                        .tokens(TOKENS)
                        .insecureHttp(true)
                        .build()
                        .isLoopback())
                .isFalse();
        assertThat(builder()
                        .host(host)
                        .tokens(TOKENS)
                        .tls(CERTIFICATE, KEY)
                        .build()
                        .scheme())
                .isEqualTo("https");
    }

    @Test
    void overwritingTakesTokens() {
        assertThatThrownBy(() -> builder().allowSetState(true).build())
                .hasMessage("--allow-set-state needs --tokens FILE: overwriting takes a token with the scope admin");
        assertThat(builder().allowSetState(true).tokens(TOKENS).build().allowSetState())
                .isTrue();
    }

    @Test
    void certificateAndKeyGoTogether() {
        assertThatThrownBy(() -> builder().tls(CERTIFICATE, null).build())
                .hasMessage("--tls-cert and --tls-key go together");
        assertThatThrownBy(() -> builder().tls(null, KEY).build()).hasMessage("--tls-cert and --tls-key go together");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "ook.example",
                "https://",
                "https://ook.example/",
                "https://ook.example/x",
                "https://*.example",
                "ftp://ook.example",
                "https://ook.example:443",
                "http://ook.example:80",
                "https://a b",
                "https://ook.example;script-src *",
                "https://ook.example, https://b",
                "https://u@ook.example",
                ""
            })
    void anOriginIsOneOriginLetterByLetter(String origin) {
        assertThatThrownBy(() -> builder().origins(List.of(origin)).build()).hasMessageStartingWith("--allow-origin");
        assertThatThrownBy(() -> builder().embedOrigins(List.of(origin)).build())
                .hasMessageStartingWith("--embed-origin");
    }

    @Test
    void namesAndOriginsAreKeptInSmallLetters() {
        ServerOptions options = builder()
                .publicHosts(List.of("Eek", "tatbot.example:443", "[FD00::1]"))
                .origins(List.of("https://Ook.example:8443", "http://[fd00::1]:80800"))
                .build();
        assertThat(options.publicHosts()).containsExactly("eek", "tatbot.example:443", "[fd00::1]");
        assertThat(options.origins()).first().isEqualTo("https://ook.example:8443");
        for (String name : List.of("", "a b", "http://eek", "eek/x", "*", "eek:", ".eek")) {
            assertThatThrownBy(() -> builder().publicHosts(List.of(name)).build())
                    .hasMessageStartingWith("--public-host");
        }
    }

    @Test
    void numbersHaveBounds() {
        assertThatThrownBy(() -> builder().port(70_000).build())
                .hasMessage("--port must be from 0 to 65535, was 70000");
        assertThatThrownBy(() -> builder().rate(0).build()).hasMessage("--rate must be from 1 to 1000000, was 0");
        assertThatThrownBy(() -> builder().maxConnections(0).build()).hasMessageStartingWith("--max-connections must");
        assertThatThrownBy(() -> builder().host("no-such-host.invalid").build())
                .hasMessage("--host: no address is known for it");
    }

    @Test
    void theAddressToOpenIsOneThatCanBeOpened() {
        assertThat(builder().build().url(8765)).isEqualTo("http://127.0.0.1:8765");
        assertThat(builder().host("::1").build().url(1)).isEqualTo("http://[::1]:1");
        assertThat(builder()
                        .host("0.0.0.0")
                        .tokens(TOKENS)
                        .tls(CERTIFICATE, KEY)
                        .build()
                        .url(1))
                .isEqualTo("https://127.0.0.1:1");
    }
}
