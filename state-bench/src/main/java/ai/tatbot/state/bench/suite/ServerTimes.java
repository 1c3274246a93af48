package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.peers.Bare;
import ai.tatbot.state.bench.peers.Contestant;
import ai.tatbot.state.bench.peers.Peers;
import ai.tatbot.state.bench.peers.RedisCommand;
import ai.tatbot.state.bench.peers.Session;
import java.util.List;

/** Redis' own time for an update as it is shipped, and for its bare commands. */
public final class ServerTimes {
    /** Name of the one. */
    public static final String OURS = "the command as shipped";
    /** Name of the other. */
    public static final String BARE = "its bare commands, fence checked";

    private ServerTimes() {}

    /** Both. */
    public static List<Contestant> contestants(Peers peers) throws Exception {
        Session ours = peers.session();
        RedisCommand shipped = Bare.capture(peers.redis(), ours);
        Session bare = peers.session();
        bare.call();
        RedisCommand script = BareScript.command(peers.bare(), bare);
        return List.of(
                new ServerTime(OURS, peers.redis().connection(), ours, shipped),
                new ServerTime(BARE, peers.redis().connection(), bare, script));
    }
}
