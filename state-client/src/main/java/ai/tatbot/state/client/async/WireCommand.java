package ai.tatbot.state.client.async;

import org.jspecify.annotations.Nullable;

/** A call that was sent over a connection. */
final class WireCommand extends PlainCommand {
    private final Link link;
    private final Call call;
    private final long sentAt;
    private final @Nullable Confirmation confirmation;

    /** @param confirmation what replicas are asked for together with it; null if they are not */
    WireCommand(Link link, Call call, long sentAt, @Nullable Confirmation confirmation) {
        super(link.head(call), call.frame().tail(), new RawOutput());
        this.link = link;
        this.call = call;
        this.sentAt = sentAt;
        this.confirmation = confirmation;
    }

    Call call() {
        return call;
    }

    long sentAt() {
        return sentAt;
    }

    @Nullable
    Confirmation confirmation() {
        return confirmation;
    }

    @Override
    public void complete() {
        super.complete();
        link.answered(this);
    }

    /** Lettuce gives commands up only together with their connection, or leaves it out of step. */
    @Override
    public boolean completeExceptionally(Throwable failure) {
        link.broken(failure);
        return true;
    }

    @Override
    public void cancel() {
        super.cancel();
        link.broken(null);
    }
}
