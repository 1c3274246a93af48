package ai.tatbot.state.server.http.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.TlsFiles;
import ai.tatbot.state.client.faultkit.TlsFiles.Issued;
import ai.tatbot.state.client.internal.TlsContext;
import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.TokenStore;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.http.StateServer;
import ai.tatbot.state.server.operation.OperationException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in {@code ops/monitoring} asks for series that a server really exports. Whether the rules say what they should, promtool tests. */
class MonitoringIT {
    private static final Path FOLDER = Path.of("..", "ops", "monitoring");
    private static final Pattern NAME = Pattern.compile("\\b(?:tatbot|jvm|process|system)_[a-z0-9_]+");
    private static final Pattern SELECTOR = Pattern.compile("(" + NAME.pattern() + ")\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(=~|!~|!=|=)\"([^\"]*)\"");

    /** Labels that Prometheus adds. */
    private static final Set<String> ITS_OWN = Set.of("job", "instance");

    @TempDir
    private static Path folder;

    private static RedisServer redis;
    private static StateServer server;
    private static Issued certificate;
    private static Exposition shown;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        TlsFiles authority = TlsFiles.create(folder);
        certificate = authority.server();
        Files.setPosixFilePermissions(certificate.key(), PosixFilePermissions.fromString("rw-------"));
        Path tokens = folder.resolve("tokens");
        String token = new TokenStore(tokens).add("prometheus", Set.of(Scope.READ, Scope.PUBLISH), null);
        redis = RedisServer.start();
        server = StateServer.start(
                redis.options().nodeId("server"),
                ServerOptions.builder()
                        .port(0)
                        .tokens(tokens)
                        .rate(20)
                        .tls(certificate.certificate(), certificate.key())
                        .build());
        HttpClient http = HttpClient.newBuilder()
                .sslContext(TlsContext.load(authority.ca(), null, null).orElseThrow())
                .build();
        // Some series are there once there was something to count.
        send(http, "/api/v1/status", "");
        send(http, "/api/v1/status", "tat_" + "x".repeat(43));
        send(http, "/api/v1/events", token, "{\"channel\":\"system:events\",\"type\":\"lamp\"}");
        for (int i = 0; i < 100; i++) {
            send(http, "/api/v1/whoami", token);
        }
        // The last ones are counted after they were answered; and whoever asked too often must wait.
        shown = Exposition.read(Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> send(http, "/metrics", token), MonitoringIT::isComplete)
                .body());
    }

    private static boolean isComplete(HttpResponse<String> answer) {
        return answer.statusCode() == 200 && answer.body().contains("code=\"too_many_requests\"");
    }

    @AfterAll
    static void stop() {
        server.close();
        redis.close();
    }

    private static HttpResponse<String> send(HttpClient http, String path, String token, String... body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body.length > 0) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body[0]));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String read(String file) throws IOException {
        return Files.readString(FOLDER.resolve(file));
    }

    private static Stream<String> seriesOf(String name) {
        return shown.samples().keySet().stream().filter(one -> one.equals(name) || one.startsWith(name + "{"));
    }

    /** Names without labels, so that what follows needs to look at the names only. */
    private static Set<String> unknown(String text) {
        Set<String> names = new TreeSet<>();
        NAME.matcher(text).results().map(MatchResult::group).forEach(names::add);
        names.removeIf(name -> seriesOf(name).findAny().isPresent());
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tatbot.rules.yml", "tatbot.rules.test.yml", "dashboard.json"})
    void everyMetricExists(String file) throws IOException {
        String text = read(file);
        assertThat(NAME.matcher(text).results().count()).isGreaterThan(10);
        assertThat(unknown(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tatbot.rules.yml", "tatbot.rules.test.yml"})
    void everyLabelHasTheValuesThatAreAskedFor(String file) throws IOException {
        Matcher selectors = SELECTOR.matcher(read(file));
        int asked = 0;
        while (selectors.find()) {
            for (MatchResult label :
                    MATCHER.matcher(selectors.group(2)).results().toList()) {
                if (!ITS_OWN.contains(label.group(1))) {
                    asked++;
                    String[] values = label.group(2).endsWith("~")
                            ? label.group(3).split("\\|", -1)
                            : new String[] {Pattern.quote(label.group(3))};
                    for (String value : values) {
                        assertThat(exists(selectors.group(1), label.group(1), value))
                                .as("%s{%s=~\"%s\"}", selectors.group(1), label.group(1), value)
                                .isTrue();
                    }
                }
            }
        }
        assertThat(asked).isGreaterThan(10);
    }

    /** Whether there is such a series; or may be, where it begins with the first failure of an operation. */
    private static boolean exists(String name, String label, String value) {
        Pattern wanted = Pattern.compile("[{,]" + label + "=\"(" + value + ")\"[,}]");
        if (seriesOf(name).anyMatch(one -> wanted.matcher(one).find())) {
            return true;
        }
        boolean counted = name.equals("tatbot_write_duration_seconds_count") && label.equals("outcome");
        boolean told = name.equals("tatbot_http_problems_total") && label.equals("code");
        return (counted || told)
                && Arrays.stream(OperationException.Code.values())
                        .anyMatch(code -> code.name().toLowerCase(Locale.ROOT).matches(value));
    }

    @Test
    void everyAlertSaysHowBadItIsWhatItIsAndWhatToDoIsTestedAndDescribed() throws IOException {
        String rules = read("tatbot.rules.yml");
        String tests = read("tatbot.rules.test.yml");
        String docs = Files.readString(Path.of("..", "docs", "operations", "monitoring.md"));
        List<String> alerts =
                Arrays.stream(rules.split("- alert: ", -1)).skip(1).toList();
        assertThat(alerts).hasSizeGreaterThan(15);
        for (String alert : alerts) {
            String name = alert.lines().findFirst().orElseThrow();
            assertThat(alert)
                    .as(name)
                    .containsPattern("severity: (critical|warning|info) ")
                    .contains(" summary: ", " description: >-\n");
            assertThat(tests).as("tests").containsPattern("alertname(=\"|: )" + name + "[\"\n]");
            assertThat(docs).as("docs/operations/monitoring.md").contains("`" + name + "`");
        }
    }

    @Test
    void whenTheCertificateExpires() throws Exception {
        X509Certificate first;
        try (var file = Files.newInputStream(certificate.certificate())) {
            first = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
        assertThat(shown.value("tatbot_tls_certificate_expiry_timestamp_seconds"))
                .isGreaterThan(System.currentTimeMillis() / 1e3)
                .isLessThanOrEqualTo((double) first.getNotAfter().toInstant().getEpochSecond());
    }
}
