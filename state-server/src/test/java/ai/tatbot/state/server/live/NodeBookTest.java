package ai.tatbot.state.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.client.SystemStatus.Condition;
import ai.tatbot.state.client.SystemStatus.Node;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.NodeOffline;
import ai.tatbot.state.model.NodeOnline;
import ai.tatbot.state.model.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeBookTest {
    private static final Instant FIRST = Instant.parse("2026-11-01T10:00:00Z");
    private static final Instant LATER = Instant.parse("2026-11-01T10:00:30Z");

    private final ChangeFeed feed = new ChangeFeed();
    private final NodeBook book = new NodeBook(feed);

    private static Versioned<NodeHealth> heartbeat(Instant at, boolean reachable) {
        Key<NodeHealth> key = Keys.nodeHealth("ook");
        NodeHealth health = NodeHealth.builder()
                .nodeId("ook")
                .timestamp(at)
                .lastHeartbeat(at)
                .isReachable(reachable)
                .build();
        return new Versioned<>(key, health, 1L, at);
    }

    private @Nullable Condition condition() {
        return book.nodes().stream().findFirst().map(Node::condition).orElse(null);
    }

    private List<Condition> told() {
        return feed.since(new Cursor(0, 0, Cursor.NO_LOG_ID), Filter.ALL).items().stream()
                .map(item -> ((News.OfNode) item.news()).condition())
                .toList();
    }

    @Test
    void aHeartbeatMakesANodeOnlineAndItsEndSilent() {
        book.health("ook", heartbeat(FIRST, true));
        assertThat(condition()).isEqualTo(Condition.ONLINE);
        book.health("ook", heartbeat(FIRST, false));
        assertThat(condition()).isEqualTo(Condition.UNREACHABLE);
        book.health("ook", null);
        assertThat(condition()).isEqualTo(Condition.SILENT);
        assertThat(told()).containsExactly(Condition.SILENT);
    }

    @Test
    void aNodeThatLeftIsOfflineUntilANewerHeartbeat() {
        book.health("ook", heartbeat(FIRST, true));
        book.told(NodeOffline.builder()
                .nodeId("ook")
                .timestamp(LATER)
                .lastHeartbeat(FIRST)
                .build());
        assertThat(condition()).isEqualTo(Condition.OFFLINE);
        assertThat(book.nodes().get(0).since()).isEqualTo(LATER);
        book.health("ook", null);
        assertThat(condition()).isEqualTo(Condition.OFFLINE);
        book.health("ook", heartbeat(LATER, true));
        assertThat(condition()).isEqualTo(Condition.ONLINE);
        book.told(NodeOnline.builder().nodeId("ook").timestamp(LATER).build());
        assertThat(book.nodes().get(0).since()).isEqualTo(LATER);
    }

    @Test
    void aHeartbeatThatChangesNothingIsNoNews() {
        book.health("ook", heartbeat(FIRST, true));
        Cursor before = feed.head();
        book.health("ook", heartbeat(LATER, true));
        assertThat(feed.head()).isEqualTo(before);
    }

    @Test
    void aSurveyForgetsWhatIsGone() {
        book.told(NodeOffline.builder().nodeId("ook").timestamp(FIRST).build());
        book.surveyed(new SystemStatus(
                LATER, new SystemStatus.RedisServer("redis", "7", null, null), List.of(), List.of(), List.of()));
        assertThat(book.nodes()).isEmpty();
        assertThat(feed.snapshot(Filter.ALL).items()).isEmpty();
    }

    @Test
    void aSurveyTellsOfNodesThatLeftBeforeThisProcessCame() {
        book.surveyed(new SystemStatus(
                LATER,
                new SystemStatus.RedisServer("redis", "7", null, null),
                List.of(new Node("ook", null, null, Condition.OFFLINE, FIRST)),
                List.of(),
                List.of()));
        assertThat(condition()).isEqualTo(Condition.OFFLINE);
        assertThat(book.nodes().get(0).since()).isEqualTo(FIRST);
    }
}
