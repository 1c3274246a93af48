package ai.tatbot.state.client.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a publisher has sent without learning whether it was stored. A transition that was stored stands in {@code events:log}, or
 * its document shows it; what is not found is sent again, before all that came later. Of the sender's thread.
 */
final class UnsureItems {
    private final PublishLink link;
    private final LogSearch log;
    private final PublishBacklog backlog;
    private final Settlement settlement;
    private final List<PublishItem> items = new ArrayList<>();

    UnsureItems(PublishLink link, LogSearch log, PublishBacklog backlog, Settlement settlement) {
        this.link = link;
        this.log = log;
        this.backlog = backlog;
        this.settlement = settlement;
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    void add(PublishItem item) {
        items.add(item);
    }

    void addAll(List<PublishItem> sent) {
        items.addAll(sent);
    }

    /** Finds out about all of them. If the connection breaks meanwhile, none is settled. */
    void resolve() {
        for (PublishItem item : items) {
            if (item instanceof PublishDocument<?> document) {
                link.learn(document.key);
            }
        }
        Set<PublishItem> found = log.find(items);
        List<PublishItem> resolved = List.copyOf(items);
        List<PublishItem> missing = new ArrayList<>();
        for (PublishItem item : resolved) {
            if (found.contains(item) || isShown(item)) {
                settlement.found(item);
            } else if (item.isTransition() && !log.isPossible()) {
                giveUp(item);
            } else {
                missing.add(item);
            }
        }
        items.clear();
        missing.forEach(backlog::putBack);
        resolved.forEach(this::settleKey);
    }

    private static boolean isShown(PublishItem item) {
        return item instanceof PublishDocument<?> document
                && document.write != null
                && document.isTransition()
                && document.key.shows(document.write);
    }

    private void giveUp(PublishItem item) {
        settlement.drop(
                item,
                item.what() + ": the connection broke before the answer, and this user may not read events:log."
                        + " It is not known whether it was stored, and it is not sent again.",
                null);
    }

    private void settleKey(PublishItem item) {
        if (item instanceof PublishDocument<?> document) {
            document.key.settle();
            settlement.tellIfLost(document.key);
        }
    }
}
