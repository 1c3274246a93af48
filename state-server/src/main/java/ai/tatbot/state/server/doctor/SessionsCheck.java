package ai.tatbot.state.server.doctor;

import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.server.show.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether every session that is shown as executing has a writer. */
final class SessionsCheck extends Check {
    /** After a lease has run out, a reaper waits for a lease of its own before it ends the session, and looks once a second. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    SessionsCheck() {
        super(Part.FLEET, "sessions");
    }

    @Override
    Result examine(Examination examination) {
        List<Versioned<StrokeProgress>> executing = examination.fleet().sessions().stream()
                .filter(session -> session.value().isExecuting())
                .toList();
        int all = examination.fleet().sessions().size();
        if (executing.isEmpty()) {
            return Result.ok(all == 0 ? "none" : "none is executing; " + Text.count(all, "session") + " ended")
                    .with("executing", 0);
        }
        List<List<String>> questions = executing.stream()
                .map(session -> List.of(
                        "HGET",
                        examination.named(
                                Keys.strokeProgress(session.key().id()).name()),
                        "lease_until"))
                .toList();
        List<@Nullable Object> leases = examination.askAll("asking for the leases", questions);
        Instant now = examination.redisTime();
        List<String> orphans = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (int i = 0; i < executing.size(); i++) {
            Versioned<StrokeProgress> session = executing.get(i);
            String name = session.key().id() + " of " + session.value().nodeId();
            if (leases.get(i) instanceof String lease && isNumber(lease)) {
                Duration over = Duration.between(Instant.ofEpochMilli(Long.parseLong(lease)), now);
                if (over.compareTo(GRACE) > 0) {
                    orphans.add(name + ", whose writer has given no sign of life for " + Words.span(over));
                }
            } else if (session.age(now)
                            .compareTo(examination.options().abandonedAfter().plus(GRACE))
                    > 0) {
                silent.add(name + ", an older node's, silent for " + Words.span(session.age(now)));
            }
        }
        return result(executing, orphans, silent).with("executing", executing.size());
    }

    private static Result result(List<Versioned<StrokeProgress>> executing, List<String> orphans, List<String> silent) {
        if (!orphans.isEmpty()) {
            return Result.fail(
                    "executing without a writer: " + Words.some(orphans, 3),
                    "Nobody ends it: is the state server running? tatbot-state serve does so within seconds.");
        }
        if (!silent.isEmpty()) {
            return Result.warn(
                    "perhaps abandoned: " + Words.some(silent, 3),
                    "If it no longer draws: is the state server running? tatbot-state serve ends it.");
        }
        return Result.ok(
                Words.some(executing.stream().map(session -> session.key().id()).toList(), 3)
                        + (executing.size() == 1 ? " is" : " are") + " executing, and "
                        + (executing.size() == 1 ? "its writer lives" : "their writers live"));
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,15}");
    }
}
