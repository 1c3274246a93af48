package ai.tatbot.state.server.live;

import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.client.SystemStatus.Condition;
import ai.tatbot.state.client.SystemStatus.Node;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.NodeOffline;
import ai.tatbot.state.model.NodeOnline;
import ai.tatbot.state.model.NodeRestarted;
import ai.tatbot.state.model.NodeSilent;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.Versioned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every node, and whether it is there: from its documents, from what the fleet is told of it, and from a survey now and then. Tells the
 * feed when a node's condition is another. Thread-safe.
 */
final class NodeBook {
    private final ChangeFeed feed;
    private final Map<String, Page> pages = new TreeMap<>();

    NodeBook(ChangeFeed feed) {
        this.feed = feed;
    }

    synchronized void health(String node, @Nullable Versioned<NodeHealth> health) {
        Page page = page(node);
        page.health = health;
        settle(node, page);
    }

    synchronized void robot(String node, @Nullable Versioned<RobotState> robot) {
        Page page = page(node);
        page.robot = robot;
        settle(node, page);
    }

    /** A transition, of a node or of something else. */
    synchronized void told(Event event) {
        if (event instanceof NodeOnline e) {
            told(e.nodeId(), Condition.ONLINE, e.timestamp(), e.lastHeartbeat());
        } else if (event instanceof NodeRestarted e) {
            told(e.nodeId(), Condition.ONLINE, e.timestamp(), e.lastHeartbeat());
        } else if (event instanceof NodeSilent e) {
            told(e.nodeId(), Condition.SILENT, e.timestamp(), e.lastHeartbeat());
        } else if (event instanceof NodeOffline e) {
            told(e.nodeId(), Condition.OFFLINE, e.timestamp(), e.lastHeartbeat());
        }
    }

    private void told(String node, Condition condition, Instant since, @Nullable Instant lastHeartbeat) {
        Page page = page(node);
        page.told = condition;
        page.since = since;
        page.lastHeartbeat = lastHeartbeat;
        settle(node, page);
    }

    /** What Redis said of all nodes. Nodes that it does not know any more are forgotten. */
    synchronized void surveyed(SystemStatus status) {
        Set<String> gone = new HashSet<>(pages.keySet());
        for (Node node : status.nodes()) {
            gone.remove(node.id());
            Page page = page(node.id());
            if (page.told == null
                    || (node.since() != null
                            && (page.since == null || node.since().isAfter(page.since)))) {
                page.told = node.condition() == Condition.UNREACHABLE ? Condition.ONLINE : node.condition();
                page.since = node.since();
                page.lastHeartbeat = node.health() == null ? null : lastHeartbeat(node.health());
            }
            settle(node.id(), page);
        }
        for (String node : gone) {
            Page page = page(node);
            if (page.health == null && page.robot == null) {
                pages.remove(node);
                feed.put(new News.OfNode(node, null, null));
            }
        }
    }

    private Page page(String node) {
        return pages.computeIfAbsent(node, ignored -> new Page());
    }

    /** Tells the feed if the node's condition is another now. */
    private void settle(String node, Page page) {
        Condition condition = page.condition();
        Instant since = page.since(condition);
        if (condition != page.shown || !Objects.equals(since, page.shownSince)) {
            page.shown = condition;
            page.shownSince = since;
            feed.put(new News.OfNode(node, condition, since));
        }
    }

    /** All nodes, by name. */
    synchronized List<Node> nodes() {
        List<Node> nodes = new ArrayList<>(pages.size());
        pages.forEach((id, page) ->
                nodes.add(new Node(id, page.health, page.robot, page.condition(), page.since(page.condition()))));
        return nodes;
    }

    private static Instant lastHeartbeat(Versioned<NodeHealth> health) {
        Instant said = health.value().lastHeartbeat();
        return said == null ? health.value().timestamp() : said;
    }

    /** What is known of one node. */
    private static final class Page {
        private @Nullable Versioned<NodeHealth> health;
        private @Nullable Versioned<RobotState> robot;
        private @Nullable Condition told;
        private @Nullable Instant since;
        private @Nullable Instant lastHeartbeat;
        private @Nullable Condition shown;
        private @Nullable Instant shownSince;

        /** By the rule of {@link SystemStatus.Condition}: a heartbeat that is newer than what was told counts. */
        Condition condition() {
            if (told == Condition.OFFLINE
                    && (health == null || lastHeartbeat(health).equals(lastHeartbeat))) {
                return Condition.OFFLINE;
            }
            if (health == null) {
                return Condition.SILENT;
            }
            return health.value().isReachable() ? Condition.ONLINE : Condition.UNREACHABLE;
        }

        @Nullable
        Instant since(Condition condition) {
            boolean same = condition == told || (condition == Condition.UNREACHABLE && told == Condition.ONLINE);
            return same ? since : null;
        }
    }
}
