package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits: the latest position of each key, every transition, in order and within bounds. */
class PublishQueueTest {
    private final PublishQueue queue = new PublishQueue(3);
    private final PublishRobot hog = new PublishRobot("hog");
    private final PublishRobot ook = new PublishRobot("ook");

    private static RobotState pose(String name) {
        return Samples.robot("hog").currentPose(name).build();
    }

    private PublishSession session() {
        StrokeProgress first = Samples.tattoo().nodeId("hog").build();
        return new PublishSession(queue, "s1", Duration.ofSeconds(10), first);
    }

    private List<Object> drain() {
        List<Object> values = new ArrayList<>();
        for (PublishItem item = queue.peek(); item != null; item = queue.peek()) {
            queue.remove(item);
            Object value = ((PublishDocument<?>) item).take();
            values.add(value instanceof PublishStep step ? step.kind() + " " + step.poseIdx() : value);
        }
        return values;
    }

    @Test
    void theLatestPositionOfEachKeyWaits() {
        queue.offer(hog, pose("a"));
        queue.offer(ook, pose("b"));
        queue.offer(hog, pose("c"));
        queue.offer(hog, pose("d"));
        assertThat(queue.offered()).isEqualTo(4);
        assertThat(queue.conflated()).isEqualTo(2);
        assertThat(drain())
                .extracting(state -> ((RobotState) state).currentPose())
                .containsExactly("d", "b");
    }

    @Test
    void whatTheSenderHasTakenIsNotReplaced() {
        queue.offer(hog, pose("a"));
        assertThat(drain()).hasSize(1);
        queue.offer(hog, pose("b"));
        assertThat(queue.conflated()).isZero();
        assertThat(drain()).hasSize(1);
    }

    @Test
    void aTransitionKeepsItsPlaceBetweenPositions() {
        PublishSession session = session();
        session.start();
        session.offer(0, 1);
        session.offer(0, 2);
        session.pause();
        session.offer(0, 3);
        session.offer(0, 4);
        session.resume();
        assertThat(drain()).containsExactly("START 0", "POSITION 2", "PAUSE 0", "POSITION 4", "RESUME 0");
    }

    @Test
    void aFullQueueRefusesTransitionsAndTakesPositions() {
        PublishSession session = session();
        assertThat(session.start()).isTrue();
        assertThat(session.pause()).isTrue();
        assertThat(session.resume()).isTrue();
        assertThat(session.pause()).isFalse();
        assertThat(session.end(ai.tatbot.state.model.SessionEndReason.COMPLETED))
                .isFalse();
        assertThat(session.isRunning()).isTrue();
        assertThat(session.offer(0, 1)).isTrue();
        assertThat(queue.transitions()).isEqualTo(3);
        assertThat(queue.refused()).isEqualTo(2);
        queue.release();
        assertThat(session.pause()).isTrue();
    }

    @Test
    void aTurnThatFindsNoRoomIsStillAPosition() {
        for (int i = 0; i < 3; i++) {
            assertThat(queue.turn(ook, pose("x"))).isTrue();
        }
        assertThat(queue.offerTurn(hog, pose("a"))).isTrue();
        assertThat(queue.refused()).isEqualTo(1);
        assertThat(drain()).hasSize(4);
    }

    @Test
    void aSessionWhoseStartWasRefusedIsLost() {
        for (int i = 0; i < 3; i++) {
            queue.turn(ook, pose("x"));
        }
        PublishSession session = session();
        assertThat(session.start()).isFalse();
        assertThat(session.lost()).isNotNull();
        assertThat(session.offer(0, 1)).isFalse();
        assertThat(queue.ignored()).isEqualTo(1);
    }

    @Test
    void aMarkerThatIsWithdrawnWhileTheSenderLooksAtItTakesNothingWithIt() {
        PublishMarker marker = new PublishMarker(0);
        queue.mark(marker);
        queue.offer(hog, pose("a"));
        assertThat(queue.peek()).isSameAs(marker);
        queue.withdraw(marker);
        queue.remove(marker);
        assertThat(drain()).hasSize(1);
    }

    @Test
    void closedItCountsAndIgnores() {
        queue.close();
        assertThat(queue.offer(hog, pose("a"))).isFalse();
        assertThat(queue.turn(hog, pose("a"))).isFalse();
        assertThat(queue.ignored()).isEqualTo(2);
        assertThat(queue.isEmpty()).isTrue();
    }
}
