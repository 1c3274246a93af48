package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.Example;
import ai.tatbot.state.bench.peers.RedisCommand;
import ai.tatbot.state.bench.peers.Session;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.resps.StreamEntry;

/**
 * The yardstick of Redis' own work: the commands of an update, with the same bytes, in a script that only checks the fence. It
 * knows nothing of refusals: what fails in the middle stays half done.
 */
final class BareScript {
    private static final String TEXT = """
            local stored = redis.call('HMGET', KEYS[1], 'fence', 'rev')
            if stored[1] ~= ARGV[1] then return redis.error_reply('FENCED') end
            local rev = string.format('%.0f', stored[2] + 1)
            redis.call('HSET', KEYS[1], 'rev', rev, 'progress', ARGV[2], 'last_updated', ARGV[3])
            redis.call('PUBLISH', ARGV[4], '{"rev":' .. rev .. ',' .. ARGV[5])
            redis.call('XADD', KEYS[2], 'MAXLEN', '~', '2000', '*', 'rev', rev, unpack(ARGV, 6))
            return rev
            """;

    private BareScript() {}

    /** The command that runs it for this session, which has been updated before. */
    static RedisCommand command(RedisClient bare, Session session) {
        return command(bare, session, Channels.STROKE_PROGRESS.name());
    }

    /** The same, but telling the listeners of another channel. */
    static RedisCommand command(RedisClient bare, Session session, String channel) {
        String sha1 = bare.scriptLoad(TEXT, session.key());
        String history = Keys.strokeHistory(session.session().id()).name();
        StrokeProgress progress = session.session().progress();
        byte[] event = StateJson.write(ProgressUpdate.builder()
                .from(progress)
                .sessionId(session.session().id())
                .build());
        List<byte[]> words = new ArrayList<>(List.of(
                Example.bytes("EVALSHA"),
                Example.bytes(sha1),
                Example.bytes("2"),
                Example.bytes(session.key()),
                Example.bytes(history),
                Example.bytes(bare.hget(session.key(), "fence")),
                session.document(),
                Example.bytes(bare.hget(session.key(), "last_updated")),
                Example.bytes(channel),
                Arrays.copyOfRange(event, 1, event.length)));
        List<StreamEntry> last = bare.xrevrange(history, (StreamEntryID) null, null, 1);
        last.get(0).getFields().forEach((name, value) -> {
            if (!name.equals("rev")) {
                words.add(Example.bytes(name));
                words.add(Example.bytes(value));
            }
        });
        return new RedisCommand(words);
    }
}
