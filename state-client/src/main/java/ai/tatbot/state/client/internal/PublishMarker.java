package ai.tatbot.state.client.internal;

import java.util.concurrent.CountDownLatch;

/** A place in the queue: once the sender comes to it, everything before it is settled. */
final class PublishMarker extends PublishItem {
    /** How much had been dropped when it was put there. */
    final long droppedBefore;

    final CountDownLatch reached = new CountDownLatch(1);

    /** How much has been dropped when it is reached. */
    volatile long droppedAfter;

    PublishMarker(long droppedBefore) {
        this.droppedBefore = droppedBefore;
    }

    /** The sender has come to it, having dropped this much so far. */
    void reach(long dropped) {
        droppedAfter = dropped;
        reached.countDown();
    }

    @Override
    boolean isTransition() {
        return false;
    }

    @Override
    String what() {
        return "flushing";
    }

    @Override
    String source() {
        return "publisher";
    }
}
