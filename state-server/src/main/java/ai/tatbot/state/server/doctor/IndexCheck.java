package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.server.doctor.Fleet.Unlisted;
import ai.tatbot.state.server.show.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Whether the indexes list what there is, and nothing else. */
final class IndexCheck extends Check {
    /** Whoever reads a status forgets ids whose documents have expired; so many pile up only if nobody may. */
    private static final int MANY = 100;

    IndexCheck() {
        super(Part.FLEET, "indexes");
    }

    @Override
    Result examine(Examination examination) {
        Fleet fleet = examination.fleet();
        List<String> unlisted = fleet.unlisted().stream()
                .filter(Unlisted::ours)
                .map(one -> one.key().name())
                .toList();
        List<String> malformed = new ArrayList<>();
        Set<String> gone = new HashSet<>();
        gone.addAll(fleet.listedNodes());
        fleet.status().nodes().stream().map(SystemStatus.Node::id).forEach(gone::remove);
        long goneSessions = fleet.listedSessions().size()
                - fleet.sessions().stream()
                        .filter(session ->
                                fleet.listedSessions().contains(session.key().id()))
                        .count();
        fleet.listedNodes().forEach(id -> check(id, Keys::nodeHealth, malformed));
        fleet.listedSessions().forEach(id -> check(id, Keys::strokeProgress, malformed));
        if (!unlisted.isEmpty()) {
            return Result.warn(
                            "not in the index that should list it: " + Words.some(unlisted, 3),
                            "Someone has changed the index by hand. The next write of its node enters it again; tatbot-state status does, too.")
                    .with("unlisted", unlisted.size());
        }
        if (!malformed.isEmpty()) {
            return Result.warn(
                            "lists what is no id: " + Words.some(malformed, 3),
                            "Remove it: SREM index:nodes or index:sessions.")
                    .with("malformed", malformed.size());
        }
        long expired = gone.size() + goneSessions - invalid(fleet);
        if (expired > MANY) {
            return Result.warn(
                            Text.count(expired, "id") + " whose documents have expired",
                            "Let a node read the status that has the right to remove them (SREM): tatbot-state status.")
                    .with("expired", expired);
        }
        long older = fleet.unlisted().stream().filter(one -> !one.ours()).count();
        return Result.ok(Text.count(fleet.listedNodes().size(), "node") + " and "
                        + Text.count(fleet.listedSessions().size(), "session") + " listed"
                        + (older == 0
                                ? ""
                                : "; " + Text.count(older, "document") + " of older nodes, which list nothing"))
                .with("nodes", fleet.listedNodes().size())
                .with("sessions", fleet.listedSessions().size());
    }

    /** What cannot be read is there all the same. */
    private static long invalid(Fleet fleet) {
        return fleet.problems().size();
    }

    private static void check(String id, Consumer<String> key, List<String> malformed) {
        try {
            key.accept(id);
        } catch (InvalidValueException e) {
            malformed.add(Words.safe(id));
        }
    }
}
