package ai.tatbot.state.server.doctor;

import ai.tatbot.state.server.show.Text;

/** Whether a mirror that followed the session ends with what its writer wrote. */
final class MirrorPlayCheck extends Check {
    private static final String ADVICE = "See the line on messages: what is published does not arrive, or late.";

    MirrorPlayCheck() {
        super(Part.REHEARSAL, "mirror");
    }

    @Override
    Result examine(Examination examination) {
        Play play = examination.rehearsal().play();
        boolean equal = play.mirror()
                .strokeProgress(play.session().id())
                .filter(seen -> seen.value().equals(play.session().progress()))
                .isPresent();
        if (!equal) {
            return Result.fail("a mirror that followed does not show the end of the session", ADVICE);
        }
        if (play.audience().backwards() > 0) {
            return Result.fail("a mirror that followed went back to an earlier revision", ADVICE);
        }
        if (play.late() > 0) {
            return Result.warn(
                            "a mirror that followed is right, but " + Text.count(play.late(), "update")
                                    + " took more than a second to arrive",
                            ADVICE)
                    .with("late", play.late());
        }
        return Result.ok("one that followed shows what was written, and never went back");
    }
}
