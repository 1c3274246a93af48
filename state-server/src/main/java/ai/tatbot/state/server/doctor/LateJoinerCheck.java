package ai.tatbot.state.server.doctor;

/** Whether a viewer that starts in the middle of a session sees it. */
final class LateJoinerCheck extends Check {
    LateJoinerCheck() {
        super(Part.REHEARSAL, "late joiner");
    }

    @Override
    Result examine(Examination examination) {
        String wrong = examination.rehearsal().play().lateJoiner();
        return wrong.isEmpty()
                ? Result.ok("a viewer that came in the middle saw the session as it stood")
                : Result.fail(
                        "a viewer that came in the middle " + wrong, "See the lines above; it reads, then follows.");
    }
}
