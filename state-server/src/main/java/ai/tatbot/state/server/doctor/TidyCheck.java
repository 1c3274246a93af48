package ai.tatbot.state.server.doctor;

import ai.tatbot.state.server.show.Text;

/** Removes everything that was made. */
final class TidyCheck extends Check {
    TidyCheck() {
        super(Part.REHEARSAL, "tidied up");
    }

    @Override
    Result examine(Examination examination) {
        Rehearsal rehearsal = examination.rehearsal();
        rehearsal.goOn();
        long removed = rehearsal.clear();
        return Result.ok(Text.count(removed, "key") + " removed; nothing of it is left")
                .with("removed", removed);
    }
}
