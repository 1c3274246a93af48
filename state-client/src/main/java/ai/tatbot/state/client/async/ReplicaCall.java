package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.internal.PrimaryAccess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code WAIT} behind the writes of one flush. */
final class ReplicaCall extends Call {
    private final StateOptions options;
    private final Confirmation confirmation;

    ReplicaCall(StateOptions options, Confirmation confirmation) {
        // The writes have deadlines of their own, and the connection is given up if it falls silent.
        super("waiting for replicas", System.nanoTime() + Duration.ofDays(1).toNanos());
        this.options = options;
        this.confirmation = confirmation;
    }

    Confirmation confirmation() {
        return confirmation;
    }

    @Override
    Frame frame() {
        return Frame.of(List.of(
                bytes("WAIT"),
                bytes(Integer.toString(options.replicas())),
                bytes(Long.toString(options.replicaTimeout().toMillis()))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    void answered(@Nullable Object answer, @Nullable StateException unconfirmed) {
        for (Confirmation.Stored stored : confirmation.take()) {
            if (!stored.call().settled) {
                stored.call().settled = true;
                stored.call()
                        .answered(
                                stored.answer(),
                                PrimaryAccess.unconfirmed(stored.call().what(), answer, options));
            }
        }
    }

    @Override
    void failed(StateException failure) {
        for (Confirmation.Stored stored : confirmation.take()) {
            if (!stored.call().settled) {
                stored.call().settled = true;
                stored.call()
                        .answered(
                                stored.answer(),
                                new StateException(
                                        StateException.Reason.NOT_REPLICATED,
                                        stored.call().what()
                                                + ": stored, but whether replicas have it is not known: "
                                                + failure.getMessage()));
            }
        }
    }
}
