package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.internal.RawConnection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether Redis tells of keys that expire or are deleted, found out by deleting one under the scratch namespace. Without that, watches
 * find out by looking every few seconds: slower, and nothing is wrong.
 */
final class KeyEventsCheck extends Check {
    private static final String ON = "on: that a document expired or was deleted is seen at once";
    private static final String OFF = "off: that a document expired or was deleted is seen within seconds, not at once"
            + " (notify-keyspace-events Egx in redis.conf)";

    KeyEventsCheck() {
        super(Part.TRAFFIC, "key events");
    }

    @Override
    Result examine(Examination examination) {
        RawConnection redis = examination.redis();
        String channel = "__keyevent@" + examination.options().database() + "__:del";
        String key = examination.scratch() + ":key-events:" + UUID.randomUUID();
        boolean seen;
        try (RawConnection ears = RawConnection.open(examination.options())) {
            ears.call("subscribing to " + channel, "SUBSCRIBE", channel);
            // In one go, so that the key does not stay whatever happens to us.
            List<@Nullable Object> replies = redis.callAll(
                    "trying key events", List.of(List.of("HSET", key, "doctor", "1"), List.of("DEL", key)));
            for (Object reply : replies) {
                if (reply instanceof StateException refused) {
                    throw refused;
                }
            }
            ears.send("asking whether everything has arrived", "PING", "end");
            seen = sees(ears, key, channel);
        } catch (StateException e) {
            throw switch (e.reason()) {
                case UNAVAILABLE, TIMEOUT -> e;
                case DENIED ->
                    new NotCheckedException("this user may not listen to them, or not try with a key of its own");
                // Which has a line of its own.
                default -> new NotCheckedException("this Redis takes no writes now");
            };
        }
        return Result.ok(seen ? ON : OFF).with("on", seen);
    }

    private static boolean sees(RawConnection ears, String key, String channel) {
        while (true) {
            @Nullable Object reply = ears.receive("listening to " + channel);
            if (!(reply instanceof List<?> list) || list.size() != 3 || !"message".equals(list.get(0))) {
                return false;
            }
            if (key.equals(list.get(2))) {
                return true;
            }
        }
    }
}
