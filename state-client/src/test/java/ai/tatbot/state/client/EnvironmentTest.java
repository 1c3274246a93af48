package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Options from environment variables. */
class EnvironmentTest {
    private static final String SECRET = "geheim/@:%+\u00e4\u20ac";

    private static StateOptions read(String... namesAndValues) {
        return StateOptions.fromEnvironment(variables(namesAndValues)).build();
    }

    private static Map<String, String> variables(String... namesAndValues) {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            variables.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return variables;
    }

    @Test
    void nothingSetMeansTheDefaults() {
        assertSameOptions(read(), StateOptions.builder().build());
        assertSameOptions(
                read("REDIS_HOST", "", "REDIS_PORT", " ", "REDIS_URL", "", "OTHER", "x"),
                StateOptions.builder().build());
    }

    @Test
    void everyVariable() {
        StateOptions options = read(
                "REDIS_HOST", "eek",
                "REDIS_PORT", "6380",
                "REDIS_DB", "3",
                "REDIS_USERNAME", "hog-user",
                "REDIS_PASSWORD", SECRET,
                "STATE_NODE_ID", "hog",
                "STATE_NAMESPACE", "{fleet-a}",
                "STATE_CONNECTION_TIMEOUT", "1.5",
                "STATE_TIMEOUT", "4",
                "STATE_REPLICAS", "2",
                "STATE_REPLICA_TIMEOUT", "0.75",
                "REDIS_SENTINEL_USERNAME", "watcher",
                "REDIS_SENTINEL_PASSWORD", SECRET + 2,
                "STATE_HEARTBEAT_INTERVAL", "15",
                "STATE_REAPER", "false",
                "STATE_RETRY_ATTEMPTS", "5",
                "STATE_RETRY_DELAY", "0.25",
                "REDIS_MAX_CONNECTIONS", "7");
        assertThat(options.host()).isEqualTo("eek");
        assertThat(options.port()).isEqualTo(6380);
        assertThat(options.database()).isEqualTo(3);
        assertThat(options.username()).contains("hog-user");
        assertThat(password(options)).isEqualTo(SECRET);
        assertThat(options.tls()).isFalse();
        assertThat(options.nodeId()).isEqualTo("hog");
        assertThat(options.namespace()).isEqualTo("{fleet-a}");
        assertThat(options.connectTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(options.heartbeatInterval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(options.reaping()).isFalse();
        assertThat(options.retryAttempts()).isEqualTo(5);
        assertThat(options.maxRetryDelay()).isEqualTo(Duration.ofMillis(250));
        assertThat(options.maxConnections()).isEqualTo(7);
        assertThat(options.replicas()).isEqualTo(2);
        assertThat(options.replicaTimeout()).isEqualTo(Duration.ofMillis(750));
        assertThat(options.sentinelUsername()).contains("watcher");
        assertThat(options.sentinelPassword().orElseThrow().reveal()).isEqualTo(SECRET + 2);
    }

    @Test
    void aCertificateAndItsKeyGoTogether() {
        for (String name : List.of("REDIS_TLS_CERT_FILE", "REDIS_TLS_KEY_FILE")) {
            assertThatThrownBy(() -> read(name, "node.pem"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE need each other; only one of them is set");
        }
    }

    @Test
    void filesForTlsThatAreMissingAreNamed(@TempDir Path folder) {
        String missing = folder.resolve("none.pem").toString();
        assertThatThrownBy(() -> read("REDIS_TLS_CA_FILE", missing))
                .hasMessage("REDIS_TLS_CA_FILE: cannot read " + missing + " (NoSuchFileException)");
        assertThatThrownBy(() -> read("REDIS_TLS_CERT_FILE", missing, "REDIS_TLS_KEY_FILE", missing))
                .hasMessage("REDIS_TLS_CERT_FILE: cannot read " + missing + " (NoSuchFileException)");
    }

    @Test
    void eachTimeoutIsSetByItself() {
        StateOptions defaults = StateOptions.builder().build();
        StateOptions connecting = read("STATE_CONNECTION_TIMEOUT", "1.5");
        assertThat(connecting.connectTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(connecting.timeout()).isEqualTo(defaults.timeout());
        StateOptions answering = read("STATE_TIMEOUT", "7");
        assertThat(answering.connectTimeout()).isEqualTo(defaults.connectTimeout());
        assertThat(answering.timeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aHeartbeatThatIsTooSeldomIsShortened() {
        Logger logger = (Logger) LoggerFactory.getLogger(Environment.class);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        try {
            assertThat(read("STATE_HEARTBEAT_INTERVAL", "30").heartbeatInterval())
                    .isEqualTo(Duration.ofSeconds(30));
            assertThat(logged.list).isEmpty();
            assertThat(read("STATE_HEARTBEAT_INTERVAL", "45").heartbeatInterval())
                    .isEqualTo(Duration.ofSeconds(30));
            assertThat(logged.list).singleElement().satisfies(warning -> {
                assertThat(warning.getLevel()).isEqualTo(Level.WARN);
                assertThat(warning.getFormattedMessage()).contains("STATE_HEARTBEAT_INTERVAL is 45 s; 30 s are used");
            });
        } finally {
            logger.detachAppender(logged);
        }
    }

    @Test
    void theExampleFileNamesEveryVariable() throws IOException {
        String example = Files.readString(Path.of("..", "ops", "state.example.env"));
        // What follows this heading is the server's.
        String ofNodes = example.substring(0, example.indexOf("# ---- The server"));
        String source =
                Files.readString(Path.of("src", "main", "java", "ai", "tatbot", "state", "client", "Environment.java"));
        assertThat(found("(?m)^#? ?((?:REDIS|STATE)_[A-Z_]+)=", ofNodes))
                .isEqualTo(found("\"((?:REDIS|STATE)_[A-Z_]+)\"", source));
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theUrlWins() {
        StateOptions options = read(
                "REDIS_HOST",
                "old",
                "REDIS_PORT",
                "1",
                "REDIS_DB",
                "1",
                "REDIS_USERNAME",
                "old",
                "REDIS_PASSWORD",
                "old",
                "REDIS_URL",
                "rediss://new:secret@eek:6390/4");
        assertThat(options.host()).isEqualTo("eek");
        assertThat(options.port()).isEqualTo(6390);
        assertThat(options.database()).isEqualTo(4);
        assertThat(options.username()).contains("new");
        assertThat(password(options)).isEqualTo("secret");
        assertThat(options.tls()).isTrue();
    }

    @Test
    void aUrlWithoutCredentialsLeavesThemToTheOtherVariables() {
        StateOptions options = read(
                "REDIS_USERNAME",
                "hog",
                "REDIS_PASSWORD",
                SECRET,
                "REDIS_PORT",
                "1",
                "REDIS_DB",
                "5",
                "REDIS_URL",
                "redis://eek");
        assertThat(options.username()).contains("hog");
        assertThat(password(options)).isEqualTo(SECRET);
        assertThat(options.port()).isEqualTo(6379);
        assertThat(options.database()).isZero();
    }

    @Test
    void thePasswordMayBeInAFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("password");
        Files.writeString(file, SECRET + "\nsecond line\n");
        StateOptions options = read("REDIS_PASSWORD_FILE", file.toString());
        assertThat(password(options)).isEqualTo(SECRET);
        assertThat(options.passwordFile()).contains(file);
        assertThat(options.toString()).contains("password set").doesNotContain(SECRET);
        // Who gives a password means it, and not what a file may hold later.
        for (StateOptions given : List.of(
                read("REDIS_PASSWORD_FILE", file.toString(), "REDIS_PASSWORD", "other"),
                read("REDIS_PASSWORD_FILE", file.toString(), "REDIS_URL", "redis://:other@eek"))) {
            assertThat(password(given)).isEqualTo("other");
            assertThat(given.passwordFile()).isEmpty();
        }
        assertThat(read("REDIS_PASSWORD_FILE", file.toString(), "REDIS_URL", "redis://eek")
                        .passwordFile())
                .contains(file);
        Files.writeString(file, "  blanks are part of it \r\n");
        assertThat(password(read("REDIS_PASSWORD_FILE", file.toString()))).isEqualTo("  blanks are part of it ");
        Files.writeString(file, SECRET);
        StateOptions sentinels = read("REDIS_SENTINEL_PASSWORD_FILE", file.toString());
        assertThat(sentinels.sentinelPassword().orElseThrow().reveal()).isEqualTo(SECRET);
        assertThat(sentinels.sentinelPasswordFile()).contains(file);

        for (String empty : List.of("", "\n", " \n" + SECRET)) {
            Files.writeString(file, empty);
            assertThatThrownBy(() -> read("REDIS_PASSWORD_FILE", file.toString()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("REDIS_PASSWORD_FILE: " + file + " is empty; its first line must be the password");
        }
        assertThatThrownBy(
                        () -> read("REDIS_PASSWORD_FILE", folder.resolve("none").toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("REDIS_PASSWORD_FILE: cannot read " + folder.resolve("none") + " (NoSuchFileException)");
        assertThatThrownBy(() -> read("REDIS_PASSWORD_FILE", folder.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("REDIS_PASSWORD_FILE: cannot read " + folder + " (IOException)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            REDIS_PORT               | many      | must be a number that is not negative
            REDIS_PORT               | -1        | must be a number that is not negative
            REDIS_PORT               | 6379.5    | must be a whole number
            REDIS_PORT               | 0         | port must be from 1 to 65535, was 0
            REDIS_PORT               | 65536     | port must be from 1 to 65535, was 65536
            REDIS_PORT               | 1e99      | must be a number that is not negative
            REDIS_PORT               | NaN       | must be a number that is not negative
            REDIS_DB                 | two       | must be a number that is not negative
            STATE_NODE_ID            | ho g      | node_id must match [A-Za-z0-9][A-Za-z0-9_.-]{0,63}, was "ho g"
            STATE_NAMESPACE          | a:b       | namespace must be letters, digits, _, . or -, in braces or not
            STATE_NAMESPACE          | {a        | namespace must be letters, digits, _, . or -, in braces or not
            STATE_NAMESPACE          | *         | namespace must be letters, digits, _, . or -, in braces or not
            STATE_CONNECTION_TIMEOUT | 0         | connectTimeout must be from 1 ms to 60000 ms, was 0 ms
            STATE_CONNECTION_TIMEOUT | 61        | connectTimeout must be from 1 ms to 60000 ms, was 61000 ms
            STATE_TIMEOUT            | 0         | timeout must be from 1 ms to 60000 ms, was 0 ms
            STATE_HEARTBEAT_INTERVAL | 0         | heartbeatInterval must be from 10 ms to 30000 ms, was 0 ms
            STATE_HEARTBEAT_INTERVAL | soon      | must be a number that is not negative
            STATE_REAPER             | no        | must be true or false
            STATE_RETRY_ATTEMPTS     | 0         | retryAttempts must be from 1 to 100, was 0
            STATE_RETRY_DELAY        | 61        | maxRetryDelay must be from 0 ms to 60000 ms, was 61000 ms
            REDIS_MAX_CONNECTIONS    | 0         | maxConnections must be from 1 to 10000, was 0
            REDIS_URL                | http://x  | the Redis URL must begin with redis://, rediss://, redis-sentinel:// or rediss-sentinel://
            REDIS_URL                | redis://x?db=2  | the Redis URL must end with the database, as in redis://host:6379/2; options behind ? or # are not known
            REDIS_URL                | redis://x/2#a   | the Redis URL must end with the database, as in redis://host:6379/2; options behind ? or # are not known
            """)
    void aValueThatMakesNoSenseIsNamed(String name, String value, String why) {
        assertThatThrownBy(() -> read(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name + ": " + why);
    }

    @Test
    void noMessageShowsAPassword() {
        for (String url : List.of(
                "redis://:geheim@host:port",
                "redis://:ge heim@host",
                "redis://hog:geheim%zz@host",
                "redis://:geheim@",
                "redis://:geheim@a@b",
                "redis-cluster://:geheim@host",
                "redis-sentinel://:geheim@host",
                "redis-sentinel://:geheim@a@b#tatbot",
                "redis-sentinel://:ge#heim@host",
                "redis-sentinel://:ge/heim@host#tatbot",
                "redis-sentinel://:ge?heim@host",
                "redis-sentinel://:geheim@ho st#tatbot",
                "redis://host?password=geheim",
                "redis://:ge#heim@host",
                "geheim")) {
            assertThatThrownBy(() -> read("REDIS_URL", url))
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(e -> {
                        for (Throwable t = e; t != null; t = t.getCause()) {
                            assertThat(t.toString()).doesNotContain("heim");
                        }
                    });
        }
        assertThat(read("REDIS_PASSWORD", "geheim").toString()).doesNotContain("geheim");
        assertThatThrownBy(() -> read("REDIS_PASSWORD", "geheim", "REDIS_PORT", "x"))
                .hasMessageNotContaining("geheim");
    }

    private static String password(StateOptions options) {
        return options.password().orElseThrow().reveal();
    }

    private static void assertSameOptions(StateOptions actual, StateOptions expected) {
        assertThat(actual)
                .usingRecursiveComparison()
                .ignoringFields("problemListener")
                .isEqualTo(expected);
    }
}
