package ai.tatbot.state.bench.limits;

import ai.tatbot.state.bench.peers.Batch;
import ai.tatbot.state.bench.peers.Caller;
import ai.tatbot.state.bench.peers.Session;
import java.util.Locale;
import java.util.Set;
import redis.clients.jedis.RedisClient;

/**
 * What the gate must catch, put around what is measured, so that it can be shown to. Nothing of it is in the client.
 */
enum Fault {
    NONE(Set.of()),
    /** One command more for each update. */
    COMMAND(Set.of(Measure.UPDATE_COMMANDS)),
    /** 64 bytes more for each update. */
    ALLOCATION(Set.of(Measure.UPDATE_BYTES)),
    /** Three of ten documents are encoded, and decoded, twice. */
    CODEC(Set.of(Measure.ENCODE_TIME, Measure.DECODE_TIME)),
    /** One update of all is stored, but tells nobody. */
    EVENT(Set.of(Measure.UPDATE_EVENTS));

    private static final int HEADER = 16;
    private static volatile byte[] kept = {};

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<Measure> caughtBy;

    Fault(Set<Measure> caughtBy) {
        this.caughtBy = caughtBy;
    }

    /** The measures that must miss their limits. */
    Set<Measure> caughtBy() {
        return caughtBy;
    }

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Updates of a session, with this fault. */
    @SuppressWarnings("UnnecessaryMethodReference") // whoever opened the session closes it
    Caller updates(Session session, RedisClient bare) {
        return switch (this) {
            case COMMAND ->
                () -> {
                    session.call();
                    bare.exists("no such key");
                };
            case ALLOCATION ->
                () -> {
                    session.call();
                    kept = new byte[64 - HEADER];
                };
            case EVENT ->
                new Caller() {
                    private boolean dropped;

                    @Override
                    public void call() {
                        if (dropped) {
                            session.call();
                        } else {
                            bare.hincrBy(session.key(), "rev", 1);
                            session.count(1);
                            dropped = true;
                        }
                    }
                };
            case NONE, CODEC -> session::call;
        };
    }

    /** Keeps the compiler from leaving out what nobody reads. */
    static int kept() {
        return kept.length;
    }

    /** A loop of the codec, with this fault. */
    Batch.Loop codec(Batch.Loop loop) {
        return this == CODEC ? calls -> loop.run(calls + calls * 3 / 10) : loop;
    }
}
