package ai.tatbot.state.bench.peers;

import java.time.Duration;

/** One way of doing one thing, measured for a slot of time, again and again. For one thread. */
public interface Contestant extends AutoCloseable {
    /** Short, as it stands in a table. */
    String name();

    /** Does it for so long, and says how it went. */
    Sample run(Duration slot) throws Exception;

    /** Checks that what was counted is stored, where that can be told, and ends it. */
    @Override
    void close() throws Exception;
}
