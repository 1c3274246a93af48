package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.RawConnection;

/** Whether Redis turns away who knows no password. */
final class StrangersCheck extends Check {
    private static final String ADVICE =
            "ops/setup-eek does it. By hand, in this order: set aclfile in redis.conf and restart; add a user for yourself that may do"
                    + " everything; log in as it; tatbot-state node add, for each node; in the end ACL SETUSER default off, and ACL SAVE.";

    StrangersCheck() {
        super(Part.ACCESS, "strangers");
    }

    @Override
    Result examine(Examination examination) {
        RawConnection ours = examination.redis();
        try (RawConnection stranger = RawConnection.openAsStranger(examination.options(), ours.address())) {
            return mayRead(stranger, examination.named("index:nodes"))
                    ? Result.fail("whoever reaches this Redis reads its data without a password", ADVICE)
                    : Result.warn("Redis talks to who knows no password, though it shows no data", ADVICE);
        } catch (StateException e) {
            if (e.reason() == Reason.DENIED) {
                return Result.ok("who knows no password is turned away");
            }
            throw e;
        }
    }

    private static boolean mayRead(RawConnection stranger, String key) {
        try {
            stranger.call("reading without a password", "EXISTS", key);
            return true;
        } catch (StateException e) {
            if (e.reason() == Reason.DENIED) {
                return false;
            }
            throw e;
        }
    }
}
