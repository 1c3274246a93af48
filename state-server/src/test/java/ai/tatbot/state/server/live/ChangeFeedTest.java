package ai.tatbot.state.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.SystemStatus.Condition;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.CustomEvent;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.Versioned;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChangeFeedTest {
    private final ChangeFeed feed = new ChangeFeed();

    private void robot(String node, long revision) {
        Key<RobotState> key = Keys.robotState(node);
        RobotState state = RobotState.builder().nodeId(node).build();
        feed.put(new News.OfDocument(new StateChange<>(
                key, StateChange.Cause.UPDATED, new Versioned<>(key, state, revision, Instant.EPOCH))));
    }

    private void gone(String node) {
        feed.put(new News.OfDocument(
                new StateChange<RobotState>(Keys.robotState(node), StateChange.Cause.DELETED, null)));
    }

    private void transition(int number) {
        CustomEvent event = CustomEvent.builder()
                .type("turn")
                .nodeId("hog")
                .eventId(number + "-0")
                .build();
        feed.put(new News.OfTransition(new StateTransition(Channels.SYSTEM_EVENTS, event, false)));
    }

    private static String text(Item item) {
        if (item.news() instanceof News.OfDocument document) {
            Versioned<?> value = document.change().value();
            return document.key().id() + (value == null ? " gone" : " " + value.rev());
        }
        if (item.news() instanceof News.OfTransition told) {
            return "turn " + told.transition().event().eventId();
        }
        return item.news().toString();
    }

    @Test
    void ofADocumentTheLatestIsKeptAndOfTransitionsEachOneInOrder() {
        Cursor start = feed.head();
        robot("hog", 1);
        transition(1);
        robot("hog", 2);
        robot("rig", 1);
        transition(2);
        Batch batch = feed.since(start, Filter.ALL);
        assertThat(batch.items())
                .extracting(ChangeFeedTest::text)
                .containsExactly("turn 1-0", "hog 2", "rig 1", "turn 2-0");
        assertThat(batch.lost()).isZero();
        assertThat(batch.snapshot()).isFalse();
        assertThat(feed.since(batch.cursor(), Filter.ALL).isEmpty()).isTrue();
    }

    @Test
    void aLateReaderIsToldHowManyTransitionsItCameTooLateFor() {
        transition(0);
        Cursor start = feed.head();
        for (int i = 1; i <= ChangeFeed.MOST_TRANSITIONS + 7; i++) {
            transition(i);
        }
        Batch batch = feed.since(start, Filter.ALL);
        assertThat(batch.lost()).isEqualTo(7);
        assertThat(batch.items()).hasSize(ChangeFeed.MOST_TRANSITIONS);
        assertThat(text(batch.items().get(0))).isEqualTo("turn 8-0");
        assertThat(feed.since(batch.cursor(), Filter.ALL).lost()).isZero();
    }

    @Test
    void whoWantsNoTransitionsLosesNone() {
        Cursor start = feed.head();
        for (int i = 1; i <= ChangeFeed.MOST_TRANSITIONS + 7; i++) {
            transition(i);
        }
        assertThat(feed.since(start, new Filter(Set.of("robot_state"), Set.of(), Set.of()))
                        .lost())
                .isZero();
    }

    @Test
    void aSnapshotHasWhatIsThere() {
        robot("hog", 1);
        robot("rig", 1);
        gone("rig");
        transition(1);
        feed.put(new News.OfNode("hog", Condition.ONLINE, null));
        feed.put(new News.OfNode("rig", null, null));
        Batch snapshot = feed.snapshot(Filter.ALL);
        assertThat(snapshot.items()).hasSize(2);
        assertThat(text(snapshot.items().get(0))).isEqualTo("hog 1");
        assertThat(snapshot.cursor()).isEqualTo(feed.head());
    }

    @Test
    void thatADocumentIsGoneIsToldUntilTooManyAreThenASnapshotIs() {
        robot("first", 1);
        Cursor early = feed.head();
        gone("first");
        assertThat(feed.since(early, Filter.ALL).items())
                .extracting(ChangeFeedTest::text)
                .containsExactly("first gone");
        for (int i = 0; i < 11_000; i++) {
            gone("n" + i);
        }
        assertThat(feed.since(early, Filter.ALL).snapshot()).isTrue();
        Cursor late = feed.head();
        robot("hog", 1);
        assertThat(feed.since(late, Filter.ALL).snapshot()).isFalse();
    }

    @Test
    void aSnapshotInBetweenHasTheTransitionsThatAreNewer() {
        Cursor early = feed.head();
        transition(1);
        robot("hog", 1);
        for (int i = 0; i < 11_000; i++) {
            gone("n" + i);
        }
        Batch batch = feed.since(early, Filter.ALL);
        assertThat(batch.snapshot()).isTrue();
        assertThat(batch.items()).extracting(ChangeFeedTest::text).containsExactly("hog 1", "turn 1-0");
    }

    @Test
    void manyLargeTransitionsAreBoundedAndToldInParts() {
        Cursor start = feed.head();
        String large = "x".repeat(60_000);
        for (int i = 1; i <= 300; i++) {
            feed.put(new News.OfTransition(new StateTransition(
                    Channels.SYSTEM_EVENTS,
                    CustomEvent.builder()
                            .type("large")
                            .eventId(i + "-0")
                            .data(Map.of("text", large))
                            .build(),
                    false)));
        }
        long told = 0;
        long lost = 0;
        int parts = 0;
        Cursor cursor = start;
        for (Batch batch = feed.since(cursor, Filter.ALL); !batch.isEmpty(); batch = feed.since(cursor, Filter.ALL)) {
            assertThat(batch.items().size()).isLessThan(30);
            told += batch.items().size();
            lost += batch.lost();
            cursor = batch.cursor();
            parts++;
        }
        assertThat(parts).isGreaterThan(3);
        assertThat(told + lost).isEqualTo(300);
        assertThat(told).isLessThan(200);
    }

    @Test
    void aCursorFromTheFutureGetsASnapshot() {
        assertThat(feed.since(new Cursor(99, 99, "0-0"), Filter.ALL).snapshot()).isTrue();
    }

    @Test
    void filtersChooseByKindKeyAndChannel() {
        Cursor start = feed.head();
        robot("hog", 1);
        robot("rig", 1);
        transition(1);
        assertThat(feed.since(start, new Filter(Set.of(), Set.of("robot:state:rig"), Set.of()))
                        .items())
                .extracting(ChangeFeedTest::text)
                .containsExactly("rig 1");
        assertThat(feed.since(start, new Filter(Set.of("robot_state"), Set.of(), Set.of()))
                        .items())
                .hasSize(2);
        assertThat(feed.since(start, new Filter(Set.of(), Set.of(), Set.of("system:events")))
                        .items())
                .extracting(ChangeFeedTest::text)
                .containsExactly("turn 1-0");
        assertThat(feed.since(start, new Filter(Set.of(), Set.of(), Set.of("robot:events")))
                        .items())
                .isEmpty();
    }

    @Test
    void waitersAreWokenByTheirDocument() throws InterruptedException {
        Key<RobotState> key = Keys.robotState("hog");
        assertThat(feed.await(key, change -> change != null, TimeUnit.MILLISECONDS.toNanos(5)))
                .isNull();
        Thread writer = new Thread(() -> robot("hog", 7));
        writer.start();
        StateChange<?> change = feed.await(key, found -> found != null, TimeUnit.SECONDS.toNanos(10));
        writer.join();
        assertThat(change).isNotNull();
    }

    @Test
    void listenersAreWokenUntilTheyLeave() {
        AtomicInteger woken = new AtomicInteger();
        try (ChangeFeed.Registration registration = feed.onNews(woken::incrementAndGet)) {
            assertThat(registration).isNotNull();
            robot("hog", 1);
            feed.wake();
        }
        robot("hog", 2);
        assertThat(woken).hasValue(2);
    }

    @Test
    void cursorsSurviveTheWayToAClientAndBack() {
        transition(5);
        assertThat(Cursor.parse(feed.head().text())).contains(feed.head());
        assertThat(Cursor.parse("1.2")).isEmpty();
        assertThat(Cursor.parse("1.2.99999999999999999999-0")).isEmpty();
        assertThat(Cursor.parse("x.y.1-0")).isEmpty();
    }
}
