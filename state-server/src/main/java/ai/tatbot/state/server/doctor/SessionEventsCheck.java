package ai.tatbot.state.server.doctor;

import ai.tatbot.state.server.doctor.EventLog.Entry;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether each turn of the session was told once and in order, to who listened and in the log. */
final class SessionEventsCheck extends Check {
    private static final List<String> EXPECTED =
            List.of("session_start", "session_pause", "session_resume", "session_end");
    private static final Pattern TYPE = Pattern.compile("\"type\":\"([a-z_]+)\"");
    private static final String ADVICE =
            "See the line on messages; viewers of this fleet miss turns of real sessions in the same way.";

    SessionEventsCheck() {
        super(Part.REHEARSAL, "session events");
    }

    @Override
    Result examine(Examination examination) {
        Rehearsal rehearsal = examination.rehearsal();
        Play play = rehearsal.play();
        rehearsal.goOn();
        List<String> heard = play.audience().transitions();
        if (!heard.equals(EXPECTED) || play.audience().lost() > 0) {
            return Result.fail("a listener was told " + heard + " in place of " + EXPECTED, ADVICE);
        }
        List<Entry> log = rehearsal.log().entries();
        List<String> logged =
                log.stream().map(Entry::event).map(SessionEventsCheck::type).toList();
        if (!logged.equals(EXPECTED)) {
            return Result.fail("the log holds " + logged + " in place of " + EXPECTED, ADVICE);
        }
        for (int i = 1; i < log.size(); i++) {
            if (log.get(i).seq() != log.get(i - 1).seq() + 1) {
                return Result.fail("the numbers in the log do not follow one another", ADVICE);
            }
        }
        return Result.ok("start, pause, resumption and end: heard in this order, and logged");
    }

    private static String type(String event) {
        Matcher matcher = TYPE.matcher(event);
        return matcher.find() ? matcher.group(1) : "?";
    }
}
