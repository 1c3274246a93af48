package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options by builder and from a URL. */
class StateOptionsTest {
    private static StateOptions url(String url) {
        return StateOptions.builder().url(url).build();
    }

    @Test
    void defaults() {
        StateOptions options = StateOptions.builder().build();
        assertThat(options.host()).isEqualTo("localhost");
        assertThat(options.port()).isEqualTo(6379);
        assertThat(options.tls()).isFalse();
        assertThat(options.database()).isZero();
        assertThat(options.username()).isEmpty();
        assertThat(options.password()).isEmpty();
        assertThat(options.passwordFile()).isEmpty();
        assertThat(options.nodeId()).isEqualTo("unknown");
        assertThat(options.namespace()).isEmpty();
        assertThat(options.connectTimeout()).isEqualTo(Duration.ofMillis(300));
        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.sentinels()).isEmpty();
        assertThat(options.primaryName()).isEmpty();
        assertThat(options.sentinelUsername()).isEmpty();
        assertThat(options.sentinelPassword()).isEmpty();
        assertThat(options.sentinelPasswordFile()).isEmpty();
        assertThat(options.tlsCaFile()).isEmpty();
        assertThat(options.tlsCertFile()).isEmpty();
        assertThat(options.tlsKeyFile()).isEmpty();
        assertThat(options.replicas()).isZero();
        assertThat(options.replicaTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(options.maxConnections()).isEqualTo(20);
        assertThat(options.retryAttempts()).isEqualTo(3);
        assertThat(options.retryDelay()).isEqualTo(Duration.ofMillis(20));
        assertThat(options.maxRetryDelay()).isEqualTo(Duration.ofMillis(500));
        assertThat(options.heartbeatInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.sessionLease()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.publisherQueue()).isEqualTo(10_000);
        assertThat(options.publisherCloseTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.abandonedAfter()).isEqualTo(Duration.ofMinutes(10));
        assertThat(options.reapInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.reaping()).isTrue();
    }

    @Test
    void builtOptionsAreTheirOwn() {
        StateOptions.Builder builder = StateOptions.builder().host("eek");
        StateOptions options = builder.build();
        builder.host("ook");
        assertThat(options.host()).isEqualTo("eek");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            redis://eek                        | false | eek       | 6379 | 0
            rediss://eek                       | true  | eek       | 6379 | 0
            redis://eek:6380                   | false | eek       | 6380 | 0
            redis://eek:6380/                  | false | eek       | 6380 | 0
            redis://eek/7                      | false | eek       | 6379 | 7
            redis://10.0.0.1:6380/15           | false | 10.0.0.1  | 6380 | 15
            redis://[::1]:6380                 | false | ::1       | 6380 | 0
            redis://hog:secret@eek.local:6380/1 | false | eek.local | 6380 | 1
            """)
    void urls(String url, boolean tls, String host, int port, int database) {
        StateOptions options = url(url);
        assertThat(options.tls()).isEqualTo(tls);
        assertThat(options.host()).isEqualTo(host);
        assertThat(options.port()).isEqualTo(port);
        assertThat(options.database()).isEqualTo(database);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            redis-sentinel://eek#tatbot                      | false | [eek:26379]                    | 0
            redis-sentinel://eek/3#tatbot                    | false | [eek:26379]                    | 3
            redis-sentinel://eek?sentinelMasterId=tatbot     | false | [eek:26379]                    | 0
            rediss-sentinel://eek:1,ook,[::1]:3,[::2]/#tatbot | true  | [eek:1, ook:26379, [::1]:3, [::2]:26379] | 0
            redis-sentinel://hog:secret@10.0.0.1:5,eek_2.local:6/1#tatbot | false | [10.0.0.1:5, eek_2.local:6] | 1
            """)
    void urlsOfSentinels(String url, boolean tls, String sentinels, int database) {
        StateOptions options = url(url);
        assertThat(options.tls()).isEqualTo(tls);
        assertThat(options.sentinels()).hasToString(sentinels);
        assertThat(options.primaryName()).contains("tatbot");
        assertThat(options.database()).isEqualTo(database);
    }

    @Test
    void aUrlOfSentinelsCarriesTheCredentialsOfRedis() {
        StateOptions options = url("redis-sentinel://hog:se%40cret@eek,ook#tatbot");
        assertThat(options.username()).contains("hog");
        assertThat(options.password().orElseThrow().reveal()).isEqualTo("se@cret");
        assertThat(options.sentinelPassword()).isEmpty();
        assertThat(options)
                .hasToString(
                        "StateOptions[redis-sentinel://hog@eek:26379,ook:26379/0#tatbot, password set, node unknown]");
        assertThat(options.address()).isEqualTo("eek:26379,ook:26379#tatbot");
    }

    @Test
    void theLastUrlCounts() {
        StateOptions options = StateOptions.builder()
                .url("redis-sentinel://eek#tatbot")
                .url("redis://ook")
                .build();
        assertThat(options.sentinels()).isEmpty();
        assertThat(options.primaryName()).isEmpty();
        assertThat(options.address()).isEqualTo("ook:6379");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a/b",
                "a@b",
                "a:b",
                "a%b",
                "a+b",
                "a b",
                "a?b#c",
                "\u00e4\u20ac\ud83d\ude00",
                "%2F",
                "[]{}|\\^\"<>"
            })
    void passwordsMayHoldAnything(String password) {
        String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
        StateOptions options = url("redis://" + encoded + ":" + encoded + "@eek");
        assertThat(options.username()).contains(password);
        assertThat(options.password().orElseThrow().reveal()).isEqualTo(password);
    }

    @Test
    void aPlusInAPasswordIsAPlus() {
        assertThat(url("redis://:a+b@eek").password().orElseThrow().reveal()).isEqualTo("a+b");
        assertThat(url("redis://:a:b@eek").password().orElseThrow().reveal()).isEqualTo("a:b");
    }

    @Test
    void aUserWithoutAPasswordAndTheOtherWayRound() {
        assertThat(url("redis://hog@eek").username()).contains("hog");
        assertThat(url("redis://hog@eek").password()).isEmpty();
        assertThat(url("redis://:secret@eek").username()).isEmpty();
        assertThat(url("redis://:secret@eek").password()).isPresent();
        assertThat(url("redis://:@eek").password()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            redis-cluster://eek     | Redis Cluster is not supported; use a single Redis, or one with replicas
            rediss-cluster://eek    | Redis Cluster is not supported; use a single Redis, or one with replicas
            redis-sentinel://eek    | the Redis URL does not name the primary; expected redis-sentinel://[user:password@]host[:port],host[:port].../[database]#primary-name, with special characters in the password percent-encoded
            rediss-sentinel://eek#  | the Redis URL does not name the primary; expected rediss-sentinel://[user:password@]host[:port],host[:port].../[database]#primary-name, with special characters in the password percent-encoded
            redis-sentinel://eek?a=b | the Redis URL must end with #primary-name or ?sentinelMasterId=primary-name; other options are not known
            redis-sentinel://eek?sentinelMasterId=a&b=c | the Redis URL must end with #primary-name or ?sentinelMasterId=primary-name; other options are not known
            redis-sentinel://eek?sentinelMasterId=a#b | the Redis URL must end with #primary-name or ?sentinelMasterId=primary-name; other options are not known
            redis-sentinel:///0#a   | the Redis URL names no sentinels; expected redis-sentinel://[user:password@]host[:port],host[:port].../[database]#primary-name, with special characters in the password percent-encoded
            redis-sentinel://eek,#a | the Redis URL names no sentinels; expected redis-sentinel://[user:password@]host[:port],host[:port].../[database]#primary-name, with special characters in the password percent-encoded
            redis-sentinel://:a@b@eek#a | the Redis URL names no sentinels; expected redis-sentinel://[user:password@]host[:port],host[:port].../[database]#primary-name, with special characters in the password percent-encoded
            redis-sentinel://eek:0#a | the port of a sentinel must be from 1 to 65535, was 0
            redis-sentinel://eek:99999#a | the port of a sentinel must be from 1 to 65535, was 99999
            redis-sentinel://eek/1#a%20b | the name of the primary must be letters, digits, _, . or -
            http://eek              | the Redis URL must begin with redis://, rediss://, redis-sentinel:// or rediss-sentinel://
            eek:6379                | the Redis URL must begin with redis://, rediss://, redis-sentinel:// or rediss-sentinel://
            eek                     | the Redis URL must begin with redis://, rediss://, redis-sentinel:// or rediss-sentinel://
            redis:eek               | the Redis URL has no host; expected redis://[user:password@]host[:port][/database], with special characters in the password percent-encoded
            redis:///0              | the Redis URL has no host; expected redis://[user:password@]host[:port][/database], with special characters in the password percent-encoded
            redis://:a@b@eek        | the Redis URL has no host; expected redis://[user:password@]host[:port][/database], with special characters in the password percent-encoded
            redis://eek:1,ook:2     | the Redis URL has no host; expected redis://[user:password@]host[:port][/database], with special characters in the password percent-encoded
            redis://:a%zz@eek       | the Redis URL is malformed; expected redis://[user:password@]host[:port][/database], with special characters in the password percent-encoded
            redis://:a b@eek        | the Redis URL is malformed; expected redis://[user:password@]host[:port][/database], with special characters in the password percent-encoded
            redis://eek/first       | the database in the Redis URL must be a number
            redis://eek/99999999999 | the database in the Redis URL must be a number
            redis://eek/-1          | database must not be negative, was -1
            redis://eek:70000       | port must be from 1 to 65535, was 70000
            """)
    void urlsThatAreRefused(String url, String message) {
        assertThatThrownBy(() -> url(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void valuesOutOfTheirRange() {
        Duration tooLong = Duration.ofHours(2);
        List<UnaryOperator<StateOptions.Builder>> wrong = new ArrayList<>();
        wrong.add(options -> options.host(" "));
        wrong.add(options -> options.port(0));
        wrong.add(options -> options.database(-1));
        wrong.add(options -> options.nodeId("a:b"));
        wrong.add(options -> options.namespace("a b"));
        wrong.add(options -> options.connectTimeout(Duration.ZERO));
        wrong.add(options -> options.connectTimeout(tooLong));
        wrong.add(options -> options.timeout(Duration.ZERO));
        wrong.add(options -> options.timeout(Duration.ofMillis(-1)));
        wrong.add(options -> options.sentinels("tatbot", List.of()));
        wrong.add(options -> options.sentinels("", List.of(new StateOptions.Address("eek", 1))));
        wrong.add(options -> options.sentinels("tatbot", List.of(new StateOptions.Address(" ", 1))));
        wrong.add(options -> options.replicas(-1));
        wrong.add(options -> options.replicas(101));
        wrong.add(options -> options.replicaTimeout(Duration.ZERO));
        wrong.add(options -> options.replicas(1).replicaTimeout(Duration.ofSeconds(2)));
        wrong.add(options -> options.maxConnections(0));
        wrong.add(options -> options.publisherQueue(0));
        wrong.add(options -> options.retryAttempts(0));
        wrong.add(options -> options.retryDelay(tooLong));
        wrong.add(options -> options.maxRetryDelay(Duration.ofMillis(-1)));
        wrong.add(options -> options.heartbeatInterval(Duration.ofSeconds(31)));
        wrong.add(options -> options.heartbeatInterval(Duration.ZERO));
        wrong.add(options -> options.sessionLease(Duration.ofMillis(99)));
        wrong.add(options -> options.sessionLease(tooLong));
        for (UnaryOperator<StateOptions.Builder> change : wrong) {
            StateOptions.Builder builder = change.apply(StateOptions.builder());
            assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsShownHidesThePassword() {
        StateOptions options = StateOptions.builder()
                .url("rediss://hog:geheim@eek:6380/2")
                .nodeId("hog")
                .namespace("{fleet-a}")
                .build();
        assertThat(options)
                .hasToString("StateOptions[rediss://hog@eek:6380/2, password set, node hog, namespace {fleet-a}]");
        assertThat(options.password().orElseThrow()).hasToString("****");
        assertThat(StateOptions.builder().build())
                .hasToString("StateOptions[redis://localhost:6379/0, password none, node unknown]");
        assertThat(url("redis://[::1]:6380").address()).isEqualTo("[::1]:6380");
    }
}
