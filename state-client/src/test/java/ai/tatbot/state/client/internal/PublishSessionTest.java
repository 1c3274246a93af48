package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.Samples;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose a session is, as its writer finds it over a new connection. */
class PublishSessionTest {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final PublishSession session = new PublishSession(
            new PublishQueue(10), "s1", LEASE, Samples.tattoo().nodeId("hog").build());
    private int connection;

    @Test
    void itsOwnFencesAreItsOwnHoweverLateTheyLand() {
        DocumentWrite<?> start = sent();
        session.stored(start);
        assertThat(lostAfterFinding(1)).isFalse();
        long second = fence(sent());
        assertThat(second).isGreaterThan(1_000);
        assertThat(lostAfterFinding(1)).as("it did not land").isFalse();
        DocumentWrite<?> third = sent();
        assertThat(fence(third)).isGreaterThan(second + 999);
        assertThat(lostAfterFinding(second)).as("it landed late").isFalse();
        session.found(third);
        assertThat(lostAfterFinding(0)).as("Redis came back empty").isFalse();
    }

    @Test
    void aTakeoverIsNoticedWhateverWasClaimedMeanwhile() {
        session.stored(sent());
        assertThat(lostAfterFinding(1)).isFalse();
        long second = fence(sent());
        assertThat(lostAfterFinding(1)).isFalse();
        session.found(sent());
        assertThat(lostAfterFinding(second + 1))
                .as("taken over from its second fence")
                .isTrue();
    }

    @Test
    void aTakeoverAfterAFailoverIsNoticedThoughItsFenceIsLower() {
        session.stored(sent());
        assertThat(lostAfterFinding(1)).isFalse();
        session.stored(sent());
        assertThat(lostAfterFinding(2)).isTrue();
    }

    /** A write that has been prepared for the present connection. */
    private DocumentWrite<?> sent() {
        if (connection == 0) {
            connection = 1;
            session.wanted(connection);
        }
        DocumentWrite<?> write = session.sample();
        session.prepare(write);
        return write;
    }

    private static long fence(DocumentWrite<?> write) {
        return write.fence == null ? 0 : write.fence.token();
    }

    /** Whether it is lost once a new connection has found this fence. */
    private boolean lostAfterFinding(long fence) {
        connection++;
        byte @Nullable [] stored = fence == 0 ? null : bytes(Long.toString(fence));
        session.learn(connection, Arrays.asList(stored == null ? null : bytes("7"), stored, null));
        session.settle();
        return session.lost() != null;
    }
}
