package ai.tatbot.state.server.live;

import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Keys;
import java.util.Set;

/**
 * What a follower wants to hear of. Immutable.
 *
 * @param kinds names of kinds of document, such as {@code robot_state}
 * @param keys names of documents
 * @param channels names of channels, whose transitions are told
 */
public record Filter(Set<String> kinds, Set<String> keys, Set<String> channels) {
    /** Everything. */
    public static final Filter ALL = new Filter(Set.of(), Set.of(), Set.of());

    public Filter {
        kinds = Set.copyOf(kinds);
        keys = Set.copyOf(keys);
        channels = Set.copyOf(channels);
    }

    /** Whether it wants the transitions of this channel. */
    public boolean includes(Channel<?> channel) {
        return isAll()
                || channels.contains(channel.name())
                || channels.contains(channel.kind().template());
    }

    /** Whether it lets everything through. */
    private boolean isAll() {
        return kinds.isEmpty() && keys.isEmpty() && channels.isEmpty();
    }

    boolean includes(News news) {
        if (isAll()) {
            return true;
        }
        if (news instanceof News.OfDocument document) {
            return keys.contains(document.key().name())
                    || kinds.contains(document.key().kind().name());
        }
        if (news instanceof News.OfTransition told) {
            return includes(told.transition().channel());
        }
        if (news instanceof News.OfNode node) {
            return kinds.contains(Keys.NODE_HEALTH.name())
                    || keys.contains(Keys.nodeHealth(node.nodeId()).name());
        }
        return news instanceof News.OfLoss && wantsTransitions();
    }

    /** Whether it wants the transitions of any channel. */
    public boolean wantsTransitions() {
        return !channels.isEmpty() || isAll();
    }
}
