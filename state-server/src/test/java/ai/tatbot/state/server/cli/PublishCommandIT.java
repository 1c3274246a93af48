package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.server.testkit.Cli;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.StreamEntry;

class PublishCommandIT {
    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void empty() {
        try (Jedis jedis = redis.jedis()) {
            jedis.flushAll();
        }
    }

    @Test
    void aTransitionIsPublishedAndLogged() {
        try (Eavesdropper ear = Eavesdropper.on(redis);
                Jedis jedis = redis.jedis()) {
            Cli.Outcome outcome = Cli.with(redis)
                    .run("publish", "system:events", "{\"type\": \"lamp\", \"lux\": 1.10}", "--node", "ojo");
            assertThat(outcome.exit()).isZero();
            StreamEntry logged = jedis.xrange("events:log", "-", "+").get(0);
            assertThat(outcome.out()).isEqualTo(logged.getID() + "\n");
            Eavesdropper.Heard heard = ear.soFar().get(0);
            assertThat(heard.channel()).isEqualTo("system:events");
            assertThat(heard.message())
                    .matches(
                            "\\{\"event_id\":\"" + logged.getID()
                                    + "\",\"seq\":[0-9]+00001,\"type\":\"lamp\",\"lux\":1\\.10,\"timestamp\":\"[^\"]+Z\",\"node_id\":\"ojo\"}");
        }
    }

    @Test
    void aPositionIsPublishedOnly() {
        try (Eavesdropper ear = Eavesdropper.on(redis);
                Jedis jedis = redis.jedis()) {
            Cli.Outcome outcome = Cli.with(redis)
                    .input("{\"type\": \"progress_update\", \"session_id\": \"s\", \"stroke_idx\": 3, \"pose_idx\": 4}")
                    .run("publish", "stroke:events:progress", "-", "--json");
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out())
                    .isEqualTo(
                            "{\"channel\":\"stroke:events:progress\",\"type\":\"progress_update\",\"event_id\":null}\n");
            assertThat(ear.soFar().get(0).message()).contains("\"node_id\":\"cli\"");
            assertThat(jedis.dbSize()).isZero();
        }
    }

    @Test
    void onANodesOwnChannelTheEventIsThatNodes() {
        try (Eavesdropper ear = Eavesdropper.on(redis)) {
            Cli.Outcome outcome = Cli.with(redis).run("publish", "node:events:hog", "{\"type\": \"health_update\"}");
            assertThat(outcome.exit()).isZero();
            assertThat(ear.soFar()).singleElement().asString().contains("\"node_id\":\"hog\"");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`nope` | `{\"type\": \"a\"}` | 2 | `\"nope\" is no channel of the schema. Channels are: error:events:{category},"
                        + " node:events:{node_id}, robot:events, stroke:events:progress, stroke:events:session,"
                        + " system:events; ids are letters, digits, _, . and -.`",
                "`node:events:*` | `{\"type\": \"a\"}` | 2 | `\"node:events:*\" is no channel of the schema. Channels are:"
                        + " error:events:{category}, node:events:{node_id}, robot:events, stroke:events:progress,"
                        + " stroke:events:session, system:events; ids are letters, digits, _, . and -.`",
                "`system:events` | `{}` | 1 | `publishing on system:events: type is required. Nothing was published.`",
                "`robot:events` | `{\"type\": \"dance\"}` | 1 | `publishing on robot:events: type must be one of state_update,"
                        + " arm_connected, arm_disconnected on robot:events, was \"dance\". Nothing was published.`",
                "`error:events:robot` | `{\"type\": \"error\", \"category\": \"robot\"}` | 1 | `publishing on"
                        + " error:events:robot: message is required. Nothing was published.`",
                "`error:events:robot` | `{\"type\": \"error\", \"category\": \"other\", \"message\": \"m\"}` | 1 | `publishing on"
                        + " error:events:robot: category must be robot on error:events:robot, was \"other\". Nothing was"
                        + " published.`",
                "`node:events:hog` | `{\"type\": \"health_update\", \"node_id\": \"ook\"}` | 1 | `publishing on node:events:hog:"
                        + " node_id must be hog on node:events:hog, was \"ook\". Nothing was published.`",
                "`system:events` | `{\"type\": \"a\", \"node_id\": \"a b\"}` | 1 | `publishing on system:events: node_id must"
                        + " match [A-Za-z0-9][A-Za-z0-9_.-]{0,63}, was \"a b\". Nothing was published.`",
                "`system:events` | `{\"type\"` | 1 | `publishing on system:events: not JSON at byte 7: Unexpected"
                        + " end-of-input within/between Object entries. Nothing was published.`",
            })
    void whatIsRefusedIsNeitherPublishedNorStored(String channel, String json, int exit, String message) {
        try (Eavesdropper ear = Eavesdropper.on(redis);
                Jedis jedis = redis.jedis()) {
            Cli.Outcome outcome = Cli.with(redis).run("publish", channel, json);
            assertThat(outcome.exit()).isEqualTo(exit);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err()).isEqualTo("tatbot-state publish: " + message + "\n");
            assertThat(jedis.dbSize()).isZero();
            assertThat(ear.soFar()).isEmpty();
        }
    }

    @Test
    void withoutRedisItIsUnavailable() {
        Cli.Outcome outcome = Cli.bare()
                .run("publish", "system:events", "{\"type\": \"a\"}", "--redis", "redis://127.0.0.1:1", "--json");
        assertThat(outcome.exit()).isEqualTo(3);
        assertThat(outcome.err())
                .startsWith("{\"error\":{\"code\":\"unavailable\",\"message\":\"connecting: cannot connect");
    }
}
