package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.internal.RawConnection;
import ai.tatbot.state.server.show.Text;

/** Takes the scratch namespace, and clears it of what a run left that was killed. */
final class StageCheck extends Check {
    StageCheck() {
        super(Part.REHEARSAL, "stage");
    }

    @Override
    Result examine(Examination examination) throws InterruptedException {
        Rehearsal rehearsal = examination.rehearsal();
        try {
            long removed = rehearsal.enter();
            return Result.ok(rehearsal.namespace()
                            + (removed == 0
                                    ? " is empty"
                                    : ": removed " + Text.count(removed, "key") + " that an earlier run had left"))
                    .with("removed", removed);
        } catch (StateException e) {
            if (RawConnection.lacksRight(e)) {
                return Result.fail(
                        "this user may not write, delete and publish under " + rehearsal.namespace() + ":*",
                        "Grant it: tatbot-state node add, on the machine of Redis, gives a node that right.");
            }
            throw e;
        }
    }
}
