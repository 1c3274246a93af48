package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static ai.tatbot.state.client.internal.Namespace.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

class RoundTest {
    private final Round round = Round.reading("reading it");
    private final HashFields fields = new HashFields(bytes("rev"));

    @Test
    void whatIsMadeOfAnAnswerIsMadeOnceAndAnewIfTheRoundIsRepeated() {
        List<String> made = new ArrayList<>();
        Supplier<String> rev = round.askFields(() -> bytes("key"), fields).as(reply -> {
            made.add(text(reply.get().get(0)));
            return made.get(made.size() - 1);
        });
        round.questions().get(0).answered(List.of(bytes("1")));
        assertThat(rev.get()).isEqualTo("1").isEqualTo(rev.get());
        round.questions().get(0).answered(new JedisDataException("BUSY"));
        assertThatThrownBy(rev::get).isInstanceOf(JedisDataException.class).hasMessage("BUSY");
        round.questions().get(0).answered(List.of(bytes("2")));
        assertThat(rev.get()).isEqualTo("2").isEqualTo(rev.get());
        assertThat(made).containsExactly("1", "2");
    }

    @Test
    void whatIsAddedLaterIsSentInTheSameOrderAndOnce() {
        for (String key : List.of("a", "b")) {
            round.later(() -> round.askFields(() -> bytes(key), fields));
        }
        for (int i = 0; i < 2; i++) {
            assertThat(round.questions())
                    .extracting(question ->
                            question.words().stream().map(Namespace::text).toList())
                    .containsExactly(List.of("HMGET", "a", "rev"), List.of("HMGET", "b", "rev"));
        }
    }

    @Test
    void oneThatIsNotWholeIsNotSentTheNextTime() {
        round.later(() -> {
            round.askFields(() -> bytes("a"), fields);
            throw new OutOfMemoryError("no more");
        });
        assertThatThrownBy(round::questions).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(round::questions)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reading it");
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aRedisThatTakesNothingDoesNotHoldUpWhoAsksForMuch() throws Exception {
        // It accepts, by its backlog, and never reads.
        try (ServerSocket frozen = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Connection connection = new UnrepeatedConnection(
                        new HostAndPort("127.0.0.1", frozen.getLocalPort()),
                        DefaultJedisClientConfig.builder()
                                .serverDefaultProtocol()
                                .autoNegotiateProtocol(false)
                                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                                .socketTimeoutMillis(200)
                                .build())) {
            for (int i = 0; i < 1_000; i++) {
                round.later(() -> {
                    for (int j = 0; j < 1_000; j++) {
                        round.askFields(() -> bytes("key"), fields);
                    }
                });
            }
            assertThatThrownBy(() -> round.exchange(connection)).isInstanceOf(JedisConnectionException.class);
            assertThat(connection.isBroken()).isTrue();
        }
    }
}
