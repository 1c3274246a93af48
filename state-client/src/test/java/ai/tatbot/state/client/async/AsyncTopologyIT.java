package ai.tatbot.state.client.async;

import static ai.tatbot.state.client.async.Stages.failure;
import static ai.tatbot.state.client.async.Stages.get;
import static ai.tatbot.state.client.async.Stages.reason;
import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.faultkit.Sentinels;
import ai.tatbot.state.client.faultkit.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS, replicas, sentinels, and what is set wrong: as on the other face. */
class AsyncTopologyIT {
    @TempDir
    Path folder;

    private static void assertWorks(StateOptions.Builder options) {
        try (AsyncStateManager async =
                get(AsyncStateManager.connect(options.nodeId("hog").build()))) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            long first = session.revision();
            List<CompletionStage<Long>> stages =
                    IntStream.range(0, 300).mapToObj(i -> session.update(i, 0)).toList();
            assertThat(get(stages.get(299))).isEqualTo(first + 300);
            get(session.end());
        }
    }

    private static Reason refused(StateOptions.Builder options) {
        return reason(AsyncStateManager.connect(options.nodeId("hog").build()));
    }

    @Test
    void tls() {
        TlsFiles files = TlsFiles.create(folder);
        TlsFiles.Issued certificate = files.server();
        TlsFiles.Issued client = files.client();
        try (RedisServer open = RedisServer.startTls(files, certificate, "--tls-auth-clients", "no");
                RedisServer mutual = RedisServer.startTls(files, certificate);
                RedisServer elsewhere = RedisServer.startTls(
                        files, files.issue("elsewhere", "EC", "dns:eek.invalid"), "--tls-auth-clients", "no");
                RedisServer plain = RedisServer.start()) {
            assertWorks(open.options());
            assertWorks(open.options().host("localhost"));
            assertWorks(mutual.options().tlsClientCertificate(client.certificate(), client.key()));
            // Java's own authorities do not know it; a name that is not in it; no TLS at the one or the other end.
            assertThat(refused(open.options().tlsCaFile(null))).isEqualTo(Reason.DENIED);
            assertThat(refused(elsewhere.options())).isEqualTo(Reason.DENIED);
            assertThat(refused(open.options().tls(false))).isEqualTo(Reason.MISCONFIGURED);
            assertThat(refused(plain.options().tls(true).tlsCaFile(files.ca()))).isEqualTo(Reason.MISCONFIGURED);
        }
    }

    @Test
    void usersDatabasesAndNamespaces() {
        try (RedisServer redis = RedisServer.start()) {
            redis.admin("ACL SETUSER node on >node-password ~* &* +@all");
            assertWorks(redis.options()
                    .username("node")
                    .password("node-password")
                    .database(3)
                    .namespace("{fleet}"));
            try (StateManager state = StateManager.connect(redis.options()
                    .database(3)
                    .namespace("{fleet}")
                    .nodeId("eek")
                    .build())) {
                assertThat(state.systemStatus().sessions()).hasSize(1);
            }
        }
    }

    @Test
    void replicasConfirm() {
        try (RedisServer primary = RedisServer.start();
                RedisServer replica = RedisServer.start()) {
            replica.replicaOf(primary);
            assertWorks(primary.options().replicas(1));
            // A replica that is asked to write.
            try (AsyncStateManager async = get(
                    AsyncStateManager.connect(replica.options().nodeId("hog").build()))) {
                assertThat(reason(async.startStrokeSession(Samples.tattoo()))).isEqualTo(Reason.READ_ONLY);
                Awaitility.await().untilAsserted(() -> get(async.ping()));
            }
            replica.kill();
            try (AsyncStateManager async = get(AsyncStateManager.connect(primary.options()
                    .nodeId("hog")
                    .replicas(1)
                    .replicaTimeout(Duration.ofMillis(100))
                    .build()))) {
                long before = get(async.robotState("hog")).map(state -> 1L).orElse(0L);
                assertThat(reason(async.updateRobotState(Samples.robot("hog").build())))
                        .isEqualTo(Reason.NOT_REPLICATED);
                // It is stored all the same.
                assertThat(get(async.robotState("hog"))).isPresent();
                assertThat(before).isZero();
            }
        }
    }

    @Test
    void failover() {
        try (Sentinels sentinels = Sentinels.start();
                AsyncStateManager async = get(AsyncStateManager.connect(
                        sentinels.options().nodeId("hog").build()))) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            get(session.update(1, 0));
            RedisServer old = sentinels.killPrimary();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> failure(session.update(2, 0)) == null);
            // Another sentinel may have been asked, which has heard of it before this one.
            Awaitility.await()
                    .untilAsserted(() -> assertThat(sentinels.currentPrimary()).isNotSameAs(old));
            get(session.end());
        }
    }

    /** Without an outage: what the old primary refuses as a replica is sent to the new one, in order. */
    @Test
    void plannedFailover() {
        try (Sentinels sentinels = Sentinels.start();
                AsyncStateManager async = get(AsyncStateManager.connect(sentinels
                        .options()
                        .nodeId("hog")
                        .timeout(Duration.ofSeconds(10))
                        .build()))) {
            AsyncStrokeSession session = get(async.startStrokeSession(Samples.tattoo()));
            get(session.update(1, 0));
            RedisServer old = sentinels.currentPrimary();
            sentinels.failOver();
            // Until the sentinels are asked again the old one takes writes, which it forgets.
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                get(session.update(2, 0));
                assertThat(sentinels.currentPrimary()).isNotSameAs(old);
                try (StateManager state =
                        StateManager.connect(sentinels.options().nodeId("eek").build())) {
                    assertThat(state.strokeProgress(session.id()).orElseThrow().rev())
                            .isEqualTo(session.revision());
                }
            });
            get(session.end());
        }
    }

    @Test
    void whatIsNoRedis() {
        try (Sentinels sentinels = Sentinels.start()) {
            StateOptions.Address sentinel = sentinels.addresses().get(0);
            assertThat(refused(StateOptions.builder().host(sentinel.host()).port(sentinel.port())))
                    .isEqualTo(Reason.MISCONFIGURED);
        }
    }
}
