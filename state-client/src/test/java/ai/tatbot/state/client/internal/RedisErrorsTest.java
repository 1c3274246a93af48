package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisDataException;

/** Answers of Redis that are hard to bring about in an integration test. */
class RedisErrorsTest {
    private final RedisErrors errors = new RedisErrors("eek:6379");

    private StateException answered(String error) {
        return errors.answered("writing robot:state:hog", new JedisDataException(error));
    }

    @Test
    void aRefusedUndoKeepsTheReasonOfTheRefusal() {
        StateException failure = answered("PARTIAL OOM command not allowed; undo: NOPERM hdel");
        assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
        assertThat(failure).hasMessageContaining("HDEL, SREM and XDEL").hasMessageContaining("no event was sent");
    }

    @Test
    void tooManyConnectionsIsUnavailable() {
        StateException failure = answered("ERR max number of clients reached");
        assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("maxclients");
    }

    @Test
    void someFailuresNeedPeople() {
        for (String error : List.of("WRONGPASS", "NOAUTH", "NOPERM x", "DENIED x", "MOVED 1 eek:1", "CROSSSLOT x")) {
            assertThat(RedisErrors.needsPeople(answered(error))).as(error).isTrue();
        }
        for (String error : List.of("LOADING", "BUSY x", "READONLY x", "OOM x", "ERR max number of clients reached")) {
            assertThat(RedisErrors.needsPeople(answered(error))).as(error).isFalse();
        }
    }

    @Test
    void protectedModeIsDenied() {
        StateException failure = answered("DENIED Redis is running in protected mode");
        assertThat(failure.reason()).isEqualTo(Reason.DENIED);
        assertThat(failure).hasMessageContaining("protected mode");
    }
}
