package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import ai.tatbot.state.client.internal.RawConnection;
import ai.tatbot.state.server.show.Text;
import java.util.ArrayList;
import java.util.List;

/** Whether the sentinels answer, and are enough to fail over. */
final class SentinelsCheck extends Check {
    SentinelsCheck() {
        super(Part.REDIS, "sentinels");
    }

    @Override
    Result examine(Examination examination) {
        StateOptions options = examination.options();
        if (options.sentinels().isEmpty()) {
            return Result.none();
        }
        String primary = options.primaryName().orElseThrow();
        List<String> silent = new ArrayList<>();
        List<String> helpless = new ArrayList<>();
        int ready = 0;
        for (Address sentinel : options.sentinels()) {
            try (RawConnection connection = RawConnection.openSentinel(options, sentinel)) {
                connection.call("asking for the quorum", "SENTINEL", "CKQUORUM", primary);
                ready++;
            } catch (StateException e) {
                switch (e.reason()) {
                    case UNAVAILABLE, TIMEOUT -> silent.add(sentinel.toString());
                    default -> helpless.add(sentinel + ": " + Words.of(e));
                }
            }
        }
        int all = options.sentinels().size();
        if (ready == 0) {
            return Result.fail(
                    helpless.isEmpty() ? "none of " + all + " answers" : Words.some(helpless, 2),
                    "Start the sentinels: without a quorum nobody takes over when the primary dies.");
        }
        if (!silent.isEmpty() || !helpless.isEmpty()) {
            return Result.warn(
                            (silent.isEmpty() ? "" : "no answer from " + Words.some(silent, 3))
                                    + (silent.isEmpty() || helpless.isEmpty() ? "" : "; ")
                                    + Words.some(helpless, 2),
                            "Look at that machine. The others can still fail over, but perhaps no more if one of them goes, too.")
                    .with("ready", ready);
        }
        return Result.ok(Text.count(all, "sentinel") + (all == 1 ? " answers" : " answer") + ", and can fail over")
                .with("ready", ready);
    }
}
