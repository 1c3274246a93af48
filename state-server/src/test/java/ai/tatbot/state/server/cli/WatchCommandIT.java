package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.Proxy;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.server.testkit.Cli;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class WatchCommandIT {
    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    /** Watches, does something meanwhile, and waits until the watch has ended by itself. */
    private static Cli.Outcome watch(Consumer<Cli> meanwhile, String... arguments) throws Exception {
        Cli cli = Cli.with(redis);
        CompletableFuture<Cli.Outcome> ended = CompletableFuture.supplyAsync(() -> cli.run(arguments));
        Awaitility.await().until(() -> cli.err().contains("listening to "));
        meanwhile.accept(cli);
        return ended.get(30, TimeUnit.SECONDS);
    }

    private static void publish(String channel, String message) {
        try (Jedis jedis = redis.jedis()) {
            jedis.publish(channel, message);
        }
    }

    @Test
    void everyEventIsALine() throws Exception {
        Cli.Outcome outcome = watch(
                cli -> {
                    try (StateManager hog =
                            StateManager.connect(redis.options().nodeId("hog").build())) {
                        try (StrokeSession session = hog.startStrokeSession(100, 108, "tatbotlogo")) {
                            session.update(next -> next.strokeIdx(4)
                                    .poseIdx(24)
                                    .strokeDescriptionL("true_blue: outline 5")
                                    .strokeDescriptionR("bad \u001b[31m"));
                            session.end();
                        }
                        hog.updateNodeHealth(Samples.health("hog")
                                .cpuPercent(12.4)
                                .memoryPercent(30)
                                .diskPercent(5)
                                .build());
                        hog.reportError("robot", "needle stuck", java.util.Map.of());
                        hog.publishEvent(ai.tatbot.state.model.Channels.SYSTEM_EVENTS, Samples.greeting("hog"));
                    }
                },
                "watch",
                "--count",
                "7");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.lines()).hasSize(7);
        assertThat(outcome.lines().get(0))
                .matches(
                        "\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  stroke:events:session   session_start +stroke_hog_\\S+, 100 strokes"
                                + " of tatbotlogo");
        assertThat(outcome.lines().get(1))
                .endsWith(
                        "stroke:events:progress  progress_update   stroke 5 of 100, pose 25 of 108  true_blue: outline 5"
                                + " | bad \\u001b[31m");
        assertThat(outcome.lines().get(2)).contains("session_end", ", completed at stroke 5");
        assertThat(outcome.lines().get(3)).contains("node:events:hog", "  online  ");
        assertThat(outcome.lines().get(4)).endsWith("hog CPU 12 %, memory 30 %, disk 5 %");
        assertThat(outcome.lines().get(5)).contains("error:events:robot ").endsWith("hog: needle stuck");
        assertThat(outcome.lines().get(6)).contains("system:events ").contains("node_id hog");
    }

    @Test
    void jsonKeepsTheEventAsItWasPublished() throws Exception {
        String event =
                "{ \"type\": \"lamp\",\n \"timestamp\": \"2025-08-18T20:09:37.123456\", \"lux\": 1.10, \"x\": null}";
        Cli.Outcome outcome =
                watch(cli -> publish("system:events", event), "watch", "system:events", "--json", "--count", "1");
        assertThat(outcome.lines()).hasSize(1);
        assertThat(outcome.out())
                .matches("\\{\"channel\":\"system:events\",\"received_at\":\"[^\"]+Z\",\"event\":\\{\"type\":\"lamp\","
                        + "\"timestamp\":\"2025-08-18T20:09:37\\.123456\",\"lux\":1\\.10,\"x\":null}}\n");
    }

    @Test
    void whatIsNoEventIsReportedAndPassedOver() throws Exception {
        Consumer<Cli> meanwhile = cli -> {
            publish("stroke:events:progress", "{\"stroke_idx\": 0}");
            publish("robot:events", "no \u001b[2J");
            publish("node:events:a b", "{}");
            publish(
                    "error:events:robot",
                    "{\"type\": \"error\", \"timestamp\": \"2025-08-18T20:09:37\", \"node_id\": \"hog\","
                            + " \"category\": \"other\", \"message\": \"m\"}");
            publish("system:events", "{\"type\": \"" + "x".repeat(70_000) + "\"}");
            publish("system:events", "{\"type\": \"lamp\", \"timestamp\": \"2025-08-18T20:09:37\"}");
        };
        Cli.Outcome outcome = watch(meanwhile, "watch", "--count", "1");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.lines()).hasSize(1);
        assertThat(outcome.err().lines().skip(1))
                .containsExactly(
                        "invalid on stroke:events:progress: type is required",
                        "invalid on robot:events: not JSON at byte 0: \"Unrecognized token 'no': was expecting (JSON String,"
                                + " Number, Array, Object or to\" (110 characters)",
                        "invalid on node:events:a b: no channel of the schema",
                        "invalid on error:events:robot: category must be robot on error:events:robot, was \"other\"",
                        "invalid on system:events: an event must have at most 65536 bytes, has 70012");
        Cli.Outcome json = watch(meanwhile, "watch", "--count", "1", "--json");
        assertThat(json.err().lines().skip(1).findFirst())
                .contains("{\"channel\":\"stroke:events:progress\",\"invalid\":\"type is required\"}");
    }

    @Test
    void itEndsAfterItsTime() throws Exception {
        Cli.Outcome outcome = watch(cli -> {}, "watch", "robot:events", "--for", "200ms");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).isEqualTo("listening to robot:events at 127.0.0.1:" + redis.port() + "\n");
    }

    @Test
    void aLostConnectionIsSaidAndRestored() throws Exception {
        Cli.Outcome outcome = watch(
                cli -> {
                    redis.kill();
                    Awaitility.await().until(() -> cli.err().contains("Reconnecting."));
                    redis.restart();
                    Awaitility.await().until(() -> cli.err().contains("listening again"));
                    publish("system:events", "{\"type\": \"lamp\", \"timestamp\": \"2025-08-18T20:09:37\"}");
                },
                "watch",
                "--count",
                "1");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.lines()).hasSize(1);
        assertThat(outcome.err())
                .containsPattern(
                        "listening again after \\S+ m?s; transitions that were published in between are caught up as"
                                + " far as events:log has them, positions are missed\n");
    }

    /** Cuts the watch off from Redis, does something meanwhile, and lets it through again. */
    private static void cutOff(Cli cli, Proxy proxy, Runnable meanwhile) {
        proxy.hold();
        meanwhile.run();
        Awaitility.await().until(() -> cli.err().contains("Reconnecting."));
        proxy.cut();
        proxy.release();
        Awaitility.await().until(() -> cli.err().contains("listening again"));
    }

    private static Cli.Outcome watchThrough(Proxy proxy, Consumer<Cli> meanwhile, String... arguments)
            throws Exception {
        Cli cli = Cli.with(redis).environment("REDIS_PORT", Integer.toString(proxy.port()));
        CompletableFuture<Cli.Outcome> ended = CompletableFuture.supplyAsync(() -> cli.run(arguments));
        Awaitility.await().until(() -> cli.err().contains("listening to "));
        meanwhile.accept(cli);
        return ended.get(30, TimeUnit.SECONDS);
    }

    @Test
    void transitionsOfAnOutageAreCaughtUpInOrder() throws Exception {
        try (Proxy proxy = Proxy.to(redis.port());
                StateManager hog =
                        StateManager.connect(redis.options().nodeId("hog").build())) {
            Cli.Outcome outcome = watchThrough(
                    proxy,
                    cli -> {
                        StrokeSession session = hog.startStrokeSession(100, 108, "tatbotlogo");
                        Awaitility.await().until(() -> cli.out().contains("session_start"));
                        cutOff(cli, proxy, () -> {
                            session.update(3, 4);
                            session.pause();
                            hog.reportError("robot", "needle stuck", java.util.Map.of());
                            session.resume();
                        });
                        session.end();
                    },
                    "watch",
                    "stroke:events:session",
                    "stroke:events:progress",
                    "--count",
                    "4",
                    "--json");
            assertThat(outcome.exit()).isZero();
            assertThat(outcome.lines())
                    .extracting(line -> line.replaceAll(".*\"type\":\"([a-z_]+)\".*", "$1"))
                    .containsExactly("session_start", "session_pause", "session_resume", "session_end");
            assertThat(outcome.err()).doesNotContain("lost:");
        }
    }

    @Test
    void transitionsThatTheLogNoLongerHasAreSaidToBeLost() throws Exception {
        try (Proxy proxy = Proxy.to(redis.port());
                StateManager hog =
                        StateManager.connect(redis.options().nodeId("hog").build())) {
            Cli.Outcome outcome = watchThrough(
                    proxy,
                    cli -> {
                        hog.reportError("robot", "first", java.util.Map.of());
                        Awaitility.await().until(() -> cli.out().contains("first"));
                        cutOff(cli, proxy, () -> {
                            for (int i = 0; i < 5; i++) {
                                hog.reportError("robot", "missed " + i, java.util.Map.of());
                            }
                            redis.admin("XTRIM events:log MAXLEN 2");
                        });
                        hog.reportError("robot", "last", java.util.Map.of());
                    },
                    "watch",
                    "error:events:*",
                    "--count",
                    "4");
            assertThat(outcome.lines()).hasSize(4);
            assertThat(outcome.lines().get(1)).endsWith("hog: missed 3");
            assertThat(outcome.err())
                    .contains("3 transitions lost, on these or other channels: events:log has moved on");
        }
    }

    @Test
    void aTimeThatIsTooLongIsWrongUsage() {
        Cli.Outcome outcome = Cli.with(redis).run("watch", "--for", "999999999h");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("from 1ms to 8760h, was \"999999999h\"");
    }

    @Test
    void whatIsNoChannelIsWrongUsage() {
        Cli.Outcome outcome = Cli.with(redis).run("watch", "keys*");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("tatbot-state watch: \"keys*\" is no channel of the schema. Channels are: ");
    }
}
