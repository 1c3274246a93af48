package ai.tatbot.state.server.http.events;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.server.live.Batch;
import ai.tatbot.state.server.live.Cursor;
import ai.tatbot.state.server.live.Item;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.live.News;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** What a client is told first, and what of a batch that comes later. From memory, so a thousand clients may come at once. Thread-safe. */
final class Beginnings {
    private final LiveFleet fleet;
    private final Frames frames;

    Beginnings(LiveFleet fleet, Frames frames) {
        this.fleet = fleet;
        this.frames = frames;
    }

    /** Whether there is anything to tell yet; until then a client is told of the link to Redis only, and keeps what it knows. */
    boolean isPossible() {
        return fleet.isKnown();
    }

    /** For a client that comes while nothing can be told. */
    byte[] waiting() {
        return Frames.concat(frames.hello(false), frames.status(fleet.link()));
    }

    /** Where it was, if it comes back; else everything. */
    Payload of(Subscription subscription) {
        Cursor last = subscription.lastCursor();
        if (last != null && fleet.instance().equals(subscription.lastInstance())) {
            Batch batch = fleet.changes().since(last, subscription.filter());
            byte[] hello =
                    batch.snapshot() ? new byte[0] : Frames.concat(frames.hello(true), frames.status(fleet.link()));
            return new Payload(Frames.concat(hello, told(batch)), batch.cursor());
        }
        Batch batch = fleet.changes().snapshot(subscription.filter());
        byte[] missed = last != null && subscription.filter().wantsTransitions()
                ? missed(subscription, last, batch.cursor())
                : new byte[0];
        return new Payload(Frames.concat(told(batch), missed), batch.cursor());
    }

    /** A batch. A snapshot begins with a hello: the client is to forget what it knew. */
    byte[] told(Batch batch) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        if (batch.snapshot()) {
            bytes.writeBytes(frames.hello(false));
            bytes.writeBytes(frames.status(fleet.link()));
        }
        if (batch.lost() > 0) {
            bytes.writeBytes(frames.lost(
                    batch.lost(), false, "this client did not keep up; the last ones of events:log may have them"));
        }
        int documents = 0;
        ByteArrayOutputStream others = new ByteArrayOutputStream();
        for (Item item : batch.items()) {
            boolean state = item.news() instanceof News.OfDocument || item.news() instanceof News.OfNode;
            documents += item.news() instanceof News.OfDocument ? 1 : 0;
            if (!batch.snapshot()) {
                bytes.writeBytes(frames.of(item));
            } else if (state) {
                bytes.writeBytes(frames.snapshot(item));
            } else {
                others.writeBytes(frames.of(item));
            }
        }
        if (batch.snapshot()) {
            bytes.writeBytes(frames.ready(documents, batch.cursor()));
            bytes.writeBytes(others.toByteArray());
        }
        return bytes.toByteArray();
    }

    /**
     * Transitions since a client heard from another process of this server: from the log as it was when this one began, then those that this one
     * has been told of. What is in both is told once.
     */
    private byte[] missed(Subscription subscription, Cursor last, Cursor end) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        List<KeyContents.Entry> before = fleet.logBefore();
        if (!before.isEmpty() && LogIds.compare(before.get(0).id(), last.logId()) > 0 && isFull(before)) {
            bytes.writeBytes(frames.lost(
                    0, false, "more than " + before.size() + " transitions since; events:log may have them"));
        }
        String upTo = last.logId();
        for (KeyContents.Entry entry : before) {
            if (LogIds.compare(entry.id(), upTo) > 0) {
                upTo = entry.id();
                LoggedEvent.of(entry, subscription.filter())
                        .ifPresent(event -> bytes.writeBytes(frames.caughtUp(event.channel(), event::writeTo)));
            }
        }
        for (StateTransition transition : fleet.changes().transitionsUpTo(end)) {
            String id = transition.event().eventId();
            boolean isNew = id != null && LogIds.compare(id, upTo) > 0;
            if (isNew && subscription.filter().includes(transition.channel())) {
                bytes.writeBytes(frames.caughtUp(transition.channel().name(), transition.event()::writeTo));
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isFull(List<KeyContents.Entry> before) {
        return before.size() >= LiveFleet.MOST_LOGGED;
    }
}
