package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.ArmConnected;
import ai.tatbot.state.model.ArmConnectedArm;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is to be sent, and what is sent again. */
class PublishBacklogTest {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final RedisConnections redis =
            new RedisConnections(StateOptions.builder().build());
    private final Namespace namespace = new Namespace("");
    private final PublishQueue queue = new PublishQueue(10);
    private final PublishLink link = new PublishLink(redis, namespace);
    private final PublishWindow window = new PublishWindow();
    private final PublishBacklog backlog = backlog();

    private PublishBacklog backlog() {
        PublishMonitor monitor = new PublishMonitor(redis, queue);
        PublishLeases leases = new PublishLeases(new Renewals(System::nanoTime), LEASE, System::nanoTime);
        return new PublishBacklog(
                redis, namespace, queue, link, window, new Settlement(queue, leases, monitor), monitor);
    }

    @AfterEach
    void close() {
        link.end();
        redis.close();
    }

    private PublishSession session(String id) {
        return new PublishSession(
                queue, id, LEASE, Samples.tattoo().nodeId("hog").build());
    }

    @Test
    void aSessionThatIsSentAgainIsNotRenewedBesides() {
        PublishSession session = session("s1");
        for (int look = 0; look < 10; look++) {
            backlog.renew(session);
        }
        List<PublishItem> batch = backlog.takeBatch(200);
        assertThat(batch).as("one renewal").hasSize(1);

        batch.forEach(backlog::putBack);
        backlog.renew(session);
        backlog.renew(session("s2"));
        assertThat(backlog.takeBatch(200)).as("one of each session").hasSize(2);

        backlog.renew(session);
        assertThat(backlog.takeBatch(200)).as("once it is settled").hasSize(1);
    }

    @Test
    void whatCannotBeBuiltForWantOfMemoryIsTriedAgainAndWhatCannotBeBuiltAtAllIsDropped() {
        queue.offer(new Troublesome(new OutOfMemoryError("no more")), "latest");
        assertThatThrownBy(() -> backlog.takeBatch(200)).isInstanceOf(OutOfMemoryError.class);
        assertThat(backlog.takeBatch(200)).as("tried again").hasSize(1);
        queue.offer(new Troublesome(new IllegalStateException("a mistake")), "latest");
        assertThat(backlog.takeBatch(200)).isEmpty();
        assertThat(backlog.isEmpty()).isTrue();
    }

    /** A key whose first write fails. */
    private static final class Troublesome extends PublishKey<String> {
        private @Nullable Throwable trouble;

        Troublesome(Throwable trouble) {
            this.trouble = trouble;
        }

        @Override
        Key<? extends Document> key() {
            return Keys.robotState("hog");
        }

        @Override
        DocumentWrite<?> write(String value) {
            Throwable thrown = trouble;
            trouble = null;
            if (thrown instanceof Error error) {
                throw error;
            } else if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            return new DocumentWrite<>(
                    Keys.robotState("hog"), Samples.robot("hog").build());
        }
    }

    @Test
    void whatTurnsOutToBeATransitionWaitsForTransitionsToo() {
        queue.append(event());
        List<PublishItem> underWay = backlog.takeBatch(200);
        window.addAll(underWay);
        queue.offer(new Turning(), "latest");
        assertThat(backlog.takeBatch(200)).isEmpty();

        window.answered();
        assertThat(backlog.takeBatch(200)).hasSize(1);
    }

    /** A key whose writes are transitions, as a robot's are that has connected, say. */
    private static final class Turning extends PublishKey<String> {
        @Override
        Key<? extends Document> key() {
            return Keys.robotState("hog");
        }

        @Override
        DocumentWrite<?> write(String value) {
            return new DocumentWrite<>(
                            Keys.robotState("hog"), Samples.robot("hog").build())
                    .event(
                            Channels.ROBOT_EVENTS,
                            ArmConnected.builder()
                                    .nodeId("hog")
                                    .arm(ArmConnectedArm.L)
                                    .build());
        }
    }

    @Test
    void whatIsPutBackComesFirstAndInItsOldOrder() {
        queue.append(event());
        queue.append(event());
        List<PublishItem> taken = backlog.takeBatch(200);
        assertThat(taken).hasSize(2);
        queue.append(event());
        backlog.putBack(taken.get(1));
        backlog.putBack(taken.get(0));
        assertThat(backlog.takeBatch(2)).isEqualTo(taken);
        assertThat(backlog.takeBatch(2)).hasSize(1);
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void whatMustKeepItsOrderWaitsForWhatIsUnderWay() {
        PublishSession session = session("s1");
        queue.offer(session, position());
        queue.append(event());
        window.addAll(backlog.takeBatch(200));
        assertThat(window.size()).isEqualTo(2);

        queue.offer(session("s2"), position());
        assertThat(backlog.takeBatch(200)).as("another key").hasSize(1);
        queue.append(event());
        assertThat(backlog.takeBatch(200)).as("a transition, of whatever").isEmpty();
        window.answered();
        queue.offer(session, position());
        assertThat(backlog.takeBatch(200)).as("a transition, behind another").isEmpty();
        window.answered();
        assertThat(backlog.takeBatch(200)).as("when all is answered").hasSize(2);
    }

    @Test
    void aKeyIsOnlyInOneFlushUntilThatIsAnswered() {
        PublishSession session = session("s1");
        queue.offer(session, position());
        window.addAll(backlog.takeBatch(200));
        queue.offer(session, position());
        backlog.renew(session);
        assertThat(backlog.takeBatch(200)).isEmpty();
        assertThat(window.items()).hasSize(1);
        window.clear();
        assertThat(window.isEmpty()).isTrue();
        assertThat(backlog.takeBatch(200)).hasSize(1);
    }

    @Test
    void aMarkerIsNotReachedWhileSomethingIsUnderWay() {
        queue.append(event());
        window.addAll(backlog.takeBatch(200));
        PublishMarker marker = new PublishMarker(0);
        queue.mark(marker);
        assertThat(backlog.takeBatch(200)).isEmpty();
        assertThat(marker.reached.getCount()).isEqualTo(1);
        window.answered();
        assertThat(backlog.takeBatch(200)).isEmpty();
        assertThat(marker.reached.getCount()).isZero();
    }

    @Test
    void whatIsStoredIsNotReadWhileSomethingIsUnderWay() {
        queue.append(event());
        window.addAll(backlog.takeBatch(200));
        // Its arms are to be read first; there is no connection, so that would fail.
        queue.offer(new PublishRobot("hog"), Samples.robot("hog").build());
        assertThat(backlog.takeBatch(200)).isEmpty();
        window.answered();
        assertThatThrownBy(() -> backlog.takeBatch(200)).isInstanceOf(StateException.class);
    }

    private static PublishStep position() {
        return PublishStep.of(
                PublishStep.Kind.POSITION, Samples.tattoo().nodeId("hog").build());
    }

    private static PublishEvent event() {
        return new PublishEvent("greeting", "x", bytes("x"), bytes("}"));
    }
}
