package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.faultkit.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;

class UnrepeatedConnectionIT {
    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void oneThatWasClosedUnderItsUserIsNotMadeAnew() throws Exception {
        StateOptions options = redis.options().nodeId("hog").build();
        try (RedisConnections connections = new RedisConnections(options)) {
            Connection connection = connections.open(Duration.ofSeconds(2));
            connection.sendCommand(Command.PING);
            assertThat(connection.getStatusCodeReply()).isEqualTo("PONG");
            String before = redis.info("stats", "total_connections_received");

            connection.forceDisconnect();

            assertThatThrownBy(() -> connection.sendCommand(Command.PING))
                    .isInstanceOf(JedisConnectionException.class)
                    .hasMessageContaining("was closed");
            assertThat(connection.isBroken()).isTrue();
            long own = 1;
            assertThat(Long.parseLong(redis.info("stats", "total_connections_received")))
                    .isEqualTo(Long.parseLong(before) + own);
        }
    }
}
