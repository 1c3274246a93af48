package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.internal.RawConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether what is published arrives, by doing it. A connection may answer every ping, and yet lose messages; so pings prove nothing here
 * but that everything published before has had its chance.
 */
final class MessagesCheck extends Check {
    private static final int AT_ONCE = 50;
    private static final int ONE_BY_ONE = 100;

    /** Besides what a round trip takes: a message is one, made of two ways. */
    private static final long SLOW_MICROS = 5_000;

    MessagesCheck() {
        super(Part.TRAFFIC, "messages");
    }

    @Override
    Result examine(Examination examination) {
        RawConnection redis = examination.redis();
        String channel = examination.scratch() + ":messages:" + UUID.randomUUID();
        try (RawConnection ears = RawConnection.open(examination.options())) {
            ears.call("subscribing to " + channel, "SUBSCRIBE", channel);
            int arrived = arrived(redis, ears, channel);
            if (arrived < AT_ONCE) {
                return lost(arrived, AT_ONCE);
            }
            return measured(redis, ears, channel, examination.roundTrips());
        } catch (StateException e) {
            if (RawConnection.lacksRight(e)) {
                throw new NotCheckedException(
                        "this user may not publish and listen on " + examination.scratch() + ":*");
            }
            throw e;
        }
    }

    private static Result lost(int arrived, int published) {
        return Result.fail(
                        (arrived == 0 ? "none" : Integer.toString(arrived)) + " of " + published
                                + " messages arrived, though Redis answers on that connection",
                        "Something between here and Redis loses messages: a proxy, a firewall, a tunnel. Connect past it.")
                .with("published", published)
                .with("arrived", arrived);
    }

    /** How many messages arrive before the answer to a ping that was sent after all of them. */
    private static int arrived(RawConnection redis, RawConnection ears, String channel) {
        List<List<String>> messages = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            messages.add(List.of("PUBLISH", channel, Integer.toString(i)));
        }
        for (Object reply : redis.callAll("publishing on " + channel, messages)) {
            if (reply instanceof StateException refused) {
                throw refused;
            }
        }
        ears.send("asking whether everything has arrived", "PING", "end");
        int arrived = 0;
        while (isMessage(ears, channel)) {
            arrived++;
        }
        return arrived;
    }

    private static boolean isMessage(RawConnection ears, String channel) {
        try {
            return ears.receive("listening to " + channel) instanceof List<?> list
                    && !list.isEmpty()
                    && "message".equals(list.get(0));
        } catch (StateException e) {
            if (e.reason() == Reason.READ_ONLY) {
                // A Redis that cannot write to its disk refuses pings; but that is an answer, too.
                return false;
            }
            throw e;
        }
    }

    private static Result measured(
            RawConnection redis, RawConnection ears, String channel, @Nullable Latencies roundTrips) {
        long[] nanos = new long[ONE_BY_ONE];
        for (int i = 0; i < ONE_BY_ONE; i++) {
            long begin = System.nanoTime();
            redis.send("publishing on " + channel, "PUBLISH", channel, Integer.toString(i));
            try {
                ears.receive("listening to " + channel);
            } catch (StateException e) {
                if (e.reason() == Reason.TIMEOUT) {
                    return lost(AT_ONCE + i, AT_ONCE + i + 1);
                }
                throw e;
            }
            nanos[i] = System.nanoTime() - begin;
            redis.receive("publishing on " + channel);
        }
        Latencies latencies = Latencies.ofNanos(nanos);
        long expected = SLOW_MICROS + (roundTrips == null ? 0 : 2 * roundTrips.micros(50));
        int all = AT_ONCE + ONE_BY_ONE;
        String found = "all " + all + " arrived, half within " + Words.micros(latencies.micros(50)) + ", 99 % within "
                + Words.micros(latencies.micros(99));
        return (latencies.micros(50) <= expected
                        ? Result.ok(found)
                        : Result.warn(
                                found + ": much longer than a round trip",
                                "A subscriber of Redis that does not keep up, or a proxy, may hold messages back."))
                .with("published", all)
                .with("arrived", all)
                .with("p50_us", latencies.micros(50))
                .with("p99_us", latencies.micros(99));
    }
}
