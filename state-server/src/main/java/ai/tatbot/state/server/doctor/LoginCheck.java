package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.server.doctor.Contact.Stage;
import java.time.Duration;

/** Whether Redis lets us in, and as whom. */
final class LoginCheck extends Check {
    LoginCheck() {
        super(Part.ACCESS, "login");
    }

    @Override
    Result examine(Examination examination) {
        StateException failure = examination.contact().login().failureAt(Stage.LOGIN);
        if (failure != null) {
            return Result.fail(
                    Words.of(failure),
                    "Get this node's user and password anew: tatbot-state node add NAME, on the machine of Redis.");
        }
        examination.redis();
        String user = examination.user();
        return Result.ok("let in as user " + Words.safe(user) + ", in "
                        + Words.span(
                                Duration.ofNanos(examination.contact().login().nanos())))
                .with("user", user);
    }
}
