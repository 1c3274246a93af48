package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateChange.Cause;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.client.WatchStatus.Condition;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.ErrorReport;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.Versioned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What waits for a listener: in order, bounded, positions conflated once they wait, transitions never. */
class MailboxTest {
    private long now;
    private final Mailbox box = new Mailbox(() -> now);

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static StateChange<RobotState> robot(String node, long rev) {
        Key<RobotState> key = Keys.robotState(node);
        RobotState value = Samples.robot(node).timestamp(Instant.EPOCH).build();
        return new StateChange<>(key, Cause.UPDATED, new Versioned<>(key, value, rev, value.timestamp()));
    }

    private static String id(int number) {
        return number + "-0";
    }

    private static StateTransition transition(int number, boolean logged) {
        ErrorReport.Builder error = ErrorReport.builder()
                .timestamp(Instant.EPOCH)
                .nodeId("hog")
                .category("robot")
                .message(Integer.toString(number));
        return new StateTransition(
                Channels.errorEvents("robot"),
                logged ? error.eventId(id(number)).build() : error.build(),
                false);
    }

    /** As the watch puts it: the log stood at the one before. */
    private void putLogged(int number) {
        box.put(transition(number, true), new LogCursor(id(number - 1), number - 1));
    }

    private static WatchStatus status(int attempt) {
        return new WatchStatus(Condition.RECONNECTING, Instant.EPOCH, null, attempt, null, null);
    }

    private List<Object> taken() throws InterruptedException {
        List<Object> all = new ArrayList<>();
        for (Object next = box.take(false); next != null; next = box.take(false)) {
            all.add(next);
        }
        return all;
    }

    @Test
    void inOrder() throws InterruptedException {
        List<Object> put = List.of(
                status(1),
                robot("hog", 1),
                transition(1, false),
                robot("hog", 2),
                robot("oop", 1),
                transition(2, false));
        for (Object one : put) {
            if (one instanceof StateChange<?> change) {
                box.put(change);
            } else if (one instanceof StateTransition transition) {
                box.put(transition, null);
            } else if (one instanceof WatchStatus status) {
                box.put(status);
            }
        }
        assertThat(taken()).containsExactlyElementsOf(put);
        assertThat(box.conflated()).isZero();
    }

    @Test
    void whoeverKeepsUpIsToldEveryChange() throws InterruptedException {
        List<Object> put = new ArrayList<>();
        for (int i = 1; i <= 1_000; i++) {
            put.add(robot("hog", i));
            box.put(robot("hog", i));
        }
        pass(100);
        box.put(robot("hog", 1_001));
        put.add(robot("hog", 1_001));
        assertThat(taken()).containsExactlyElementsOf(put);
    }

    @Test
    void whatHasWaitedIsConflated() throws InterruptedException {
        box.put(robot("hog", 1));
        box.put(transition(1, false), null);
        box.put(robot("oop", 1));
        box.put(robot("hog", 2));
        pass(101);
        box.put(robot("hog", 3));
        box.put(robot("hog", 4));
        assertThat(box.conflated()).isEqualTo(3);
        assertThat(taken()).containsExactly(robot("hog", 4), transition(1, false), robot("oop", 1));
        box.put(robot("hog", 5));
        box.put(robot("hog", 6));
        assertThat(taken()).as("once it has caught up").containsExactly(robot("hog", 5), robot("hog", 6));
    }

    @Test
    void aBurstIsConflatedToo() throws InterruptedException {
        for (int i = 1; i <= 100_000; i++) {
            box.put(robot("hog", i));
            assertThat(box.size()).isLessThanOrEqualTo(Mailbox.MOST_CHANGES);
        }
        assertThat(taken()).containsExactly(robot("hog", 100_000));
        assertThat(box.conflated()).isEqualTo(99_999);
    }

    @Test
    void moreTransitionsThanItHoldsAreLeftToTheLog() throws InterruptedException {
        int most = Mailbox.MOST_TRANSITIONS;
        for (int i = 1; i <= most + 10; i++) {
            putLogged(i);
        }
        assertThat(box.size()).isEqualTo(most);
        assertThat(box.left()).as("while earlier ones are in the box").isNull();
        assertThat(taken()).hasSize(most);
        LogCursor left = box.left();
        assertThat(left).isNotNull();
        assertThat(left.id()).isEqualTo(id(most));
        // In the meantime others come, which must not overtake those that are in the log.
        putLogged(most + 11);
        assertThat(box.take(false)).isNull();
        for (int i = most + 1; i <= most + 11; i++) {
            assertThat(box.caughtUp()).isFalse();
            assertThat(left.advance(id(i), i, 0)).isZero();
        }
        assertThat(box.caughtUp()).isTrue();
        assertThat(box.left()).isNull();
        putLogged(most + 12);
        assertThat(taken()).containsExactly(transition(most + 12, true));
    }

    @Test
    void whatWasLeftCanBeGivenUp() throws InterruptedException {
        int most = Mailbox.MOST_TRANSITIONS;
        for (int i = 1; i <= most + 5; i++) {
            putLogged(i);
        }
        assertThat(taken()).hasSize(most);
        assertThat(box.giveUp("0-1")).as("more was left meanwhile").isZero();
        assertThat(box.giveUp(box.leftTo())).isEqualTo(5);
        assertThat(box.left()).isNull();
    }

    @Test
    void whatIsInNoLogIsCountedAsLost() throws InterruptedException {
        for (int i = 1; i <= Mailbox.MOST_TRANSITIONS + 3; i++) {
            box.put(transition(i, false), null);
        }
        assertThat(box.takeLostUnlogged()).as("in its place, not before").isZero();
        assertThat(taken()).hasSize(Mailbox.MOST_TRANSITIONS);
        assertThat(box.takeLostUnlogged()).isEqualTo(3);
        assertThat(box.takeLostUnlogged()).isZero();
    }

    @Test
    void statusesAreBoundedAndTheLastOneCounts() throws InterruptedException {
        for (int i = 1; i <= 1_000; i++) {
            box.put(status(i));
        }
        assertThat(box.size()).isLessThanOrEqualTo(64);
        List<Object> statuses = taken();
        assertThat(statuses.get(0)).isEqualTo(status(1));
        assertThat(statuses.get(statuses.size() - 1)).isEqualTo(status(1_000));
    }

    @Test
    void lossesInARowAreOne() throws InterruptedException {
        box.put(new LostTransitions(2, true, "a"), "9-0");
        box.put(new LostTransitions(3, false, "b"), "9-0");
        assertThat(taken()).containsExactly(new LostTransitions(5, false, "b"));
    }

    @Test
    void aSumOfLossesIsAsExactAsTheLeastExact() throws InterruptedException {
        box.put(new LostTransitions(2, false, "a"), "9-0");
        box.put(new LostTransitions(3, true, "b"), "9-0");
        assertThat(taken()).containsExactly(new LostTransitions(5, false, "b"));
    }

    @Test
    void closedItIsEmptyAndStaysSo() throws InterruptedException {
        box.put(robot("hog", 1));
        box.close();
        box.put(robot("hog", 2));
        box.put(status(1));
        putLogged(1);
        assertThat(box.take(true)).isNull();
        assertThat(box.size()).isZero();
    }
}
