package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.internal.RawConnection;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A stage for a session that is nobody's: the scratch namespace of this node, reached with its own credentials. One at a time for each
 * node. Whatever is made there is listed in the indexes of that namespace in the step that makes it, so it is found again and removed
 * without a search: at the end, when this program is interrupted, and at the beginning of the next run if it was killed.
 */
final class Rehearsal implements AutoCloseable {
    /** How long a run that was killed keeps the next one waiting. */
    private static final Duration LEASE = Duration.ofSeconds(15);

    private static final Duration POLL = Duration.ofMillis(200);

    /** KEYS 1 the lease. ARGV 1 whose it is, 2 for how long in ms. Reply: 1 taken or renewed, 0 another has it. */
    private static final String TAKE = """
            local owner = redis.call('HGET', KEYS[1], 'owner')
            if owner and owner ~= ARGV[1] then return 0 end
            redis.call('HSET', KEYS[1], 'owner', ARGV[1])
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return 1
            """;

    private final Examination examination;
    private final String namespace;
    private final String owner = UUID.randomUUID().toString();
    private final AtomicBoolean taken = new AtomicBoolean();
    private final Thread atInterrupt = new Thread(this::interrupted, "tatbot-doctor-leaves");
    private @Nullable StateManager writer;
    private @Nullable StateManager viewer;
    private @Nullable Play play;

    Rehearsal(Examination examination) {
        this.examination = examination;
        this.namespace = examination.scratch();
    }

    String namespace() {
        return namespace;
    }

    /**
     * Takes the stage, and clears it of what a run left that was killed.
     *
     * @return how many keys were removed
     * @throws NotCheckedException if another has it
     */
    long enter() throws InterruptedException {
        long end = System.nanoTime() + LEASE.plus(POLL).toNanos();
        while (!take()) {
            if (System.nanoTime() - end > 0) {
                throw new NotCheckedException("another doctor --deep is at work for node " + examination.identity());
            }
            Thread.sleep(POLL.toMillis());
        }
        taken.set(true);
        Runtime.getRuntime().addShutdownHook(atInterrupt);
        return remove(examination.redis(), false);
    }

    private boolean take() {
        return Long.valueOf(1)
                .equals(examination
                        .redis()
                        .call(
                                "taking " + namespace,
                                "EVAL",
                                TAKE,
                                "1",
                                lease(),
                                owner,
                                Long.toString(LEASE.toMillis())));
    }

    private String lease() {
        return namespace + ":rehearsal";
    }

    /** Goes on. @throws NotCheckedException if the stage was not taken, or is another's by now */
    void goOn() {
        if (!taken.get() || !take()) {
            throw new NotCheckedException("the scratch namespace was not to be had");
        }
    }

    /** A client that writes as this node. */
    StateManager writer() {
        StateManager known = writer;
        if (known == null) {
            known = StateManager.connect(options());
            writer = known;
        }
        return known;
    }

    /** A client that looks on, as another node would. */
    StateManager viewer() {
        StateManager known = viewer;
        if (known == null) {
            known = StateManager.connect(options());
            viewer = known;
        }
        return known;
    }

    private StateOptions options() {
        return examination
                .patient()
                .options()
                .get()
                .nodeId(examination.identity())
                .namespace(namespace)
                .retryAttempts(1)
                .problemListener(problem -> {})
                .build();
    }

    /** The session that was played. @throws NotCheckedException if there was none */
    Play play() {
        Play known = play;
        if (known == null) {
            throw new NotCheckedException("there was no session");
        }
        return known;
    }

    void play(Play played) {
        play = played;
    }

    /**
     * Removes everything.
     *
     * @return how many keys
     */
    long clear() {
        try (RawConnection own = RawConnection.open(examination.options())) {
            closeClients();
            long removed = remove(own, true);
            taken.set(false);
            forgetInterrupt();
            return removed;
        }
    }

    private long remove(RawConnection redis, boolean leaseToo) {
        List<String> keys = new ArrayList<>();
        for (String id : members(redis, Keys.indexSessions())) {
            add(keys, Keys.STROKE_PROGRESS, id);
            add(keys, Keys.STROKE_HISTORY, id);
        }
        for (String id : members(redis, Keys.indexNodes())) {
            add(keys, Keys.ROBOT_STATE, id);
            add(keys, Keys.NODE_HEALTH, id);
            add(keys, Keys.LIVENESS, id);
        }
        keys.add(named(Keys.eventsLog()));
        long removed = unlink(redis, keys);
        // Last: by these the others are found, should this be cut short.
        removed += unlink(redis, List.of(named(Keys.indexSessions()), named(Keys.indexNodes())));
        if (leaseToo) {
            unlink(redis, List.of(lease()));
        }
        return removed;
    }

    private List<String> members(RawConnection redis, Key<Void> index) {
        Object reply = redis.call("reading " + named(index), "SMEMBERS", named(index));
        List<String> members = new ArrayList<>();
        if (reply instanceof List<?> list) {
            list.forEach(member -> members.add(String.valueOf(member)));
        }
        return members;
    }

    private void add(List<String> keys, KeyKind<?> kind, String id) {
        try {
            keys.add(named(kind.of(id)));
        } catch (InvalidValueException e) {
            // Not an id: nothing is stored under it.
            return;
        }
    }

    private String named(Key<?> key) {
        return namespace + ":" + key.name();
    }

    private static long unlink(RawConnection redis, List<String> keys) {
        List<String> words = new ArrayList<>(List.of("UNLINK"));
        words.addAll(keys);
        return redis.call("removing " + keys.size() + " keys", words.toArray(String[]::new)) instanceof Long removed
                ? removed
                : 0;
    }

    private void closeClients() {
        StateManager open = writer;
        if (open != null) {
            open.close();
        }
        open = viewer;
        if (open != null) {
            open.close();
        }
    }

    private void forgetInterrupt() {
        try {
            Runtime.getRuntime().removeShutdownHook(atInterrupt);
        } catch (IllegalStateException e) {
            // The virtual machine ends already, and this is the hook.
            return;
        }
    }

    /** The checks go on until the virtual machine ends, and must not bring back what is removed here. */
    private void interrupted() {
        examination.cut("interrupted");
        leave();
    }

    private void leave() {
        if (taken.get()) {
            try {
                clear();
            } catch (StateException e) {
                // The next run removes it, and all but two sets expire by themselves.
                return;
            }
        }
    }

    /** Clears the stage if that was not done. */
    @Override
    public void close() {
        leave();
        closeClients();
        forgetInterrupt();
    }

    /** What the log of the scratch namespace holds. */
    EventLog log() {
        return EventLog.read(viewer());
    }
}
