package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.internal.RawConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the checks of one examination share: each thing is asked of Redis when the first of them needs it, and once. Used by one
 * thread at a time.
 */
final class Examination implements AutoCloseable {
    private final Patient patient;
    private @Nullable StateOptions options;
    private @Nullable Contact contact;
    private @Nullable InfoText info;
    private @Nullable StateManager state;
    private @Nullable Fleet fleet;
    private @Nullable EventLog eventLog;
    private @Nullable Rehearsal rehearsal;
    private @Nullable Permissions permissions;
    private @Nullable RoleGuess role;
    private @Nullable Latencies roundTrips;
    private @Nullable String user;
    private volatile @Nullable String lost;

    Examination(Patient patient) {
        this.patient = patient;
    }

    Patient patient() {
        return patient;
    }

    /** Time of this machine. */
    Instant now() {
        return patient.clock().instant();
    }

    /** @throws IllegalArgumentException if they are wrong; the message says which */
    StateOptions builtOptions() {
        StateOptions known = options;
        if (known == null) {
            // Nothing is repeated: that a first attempt fails is what is to be found out.
            known = patient.options()
                    .get()
                    .retryAttempts(1)
                    .problemListener(problem -> {})
                    .build();
            options = known;
        }
        return known;
    }

    StateOptions options() {
        try {
            return builtOptions();
        } catch (IllegalArgumentException e) {
            throw new NotCheckedException("the configuration is not valid");
        }
    }

    /** The way to Redis. @throws NotCheckedException if it was given up */
    Contact contact() {
        requireContact();
        Contact known = contact;
        if (known == null) {
            known = new Contact(options());
            contact = known;
        }
        return known;
    }

    /** A connection to Redis. @throws NotCheckedException if there is none */
    RawConnection redis() {
        return contact().connection();
    }

    private void requireContact() {
        String why = lost;
        if (why != null) {
            throw new NotCheckedException(why);
        }
    }

    /** What Redis says of itself. */
    InfoText info() {
        InfoText known = info;
        if (known == null) {
            known = new InfoText(String.valueOf(redis().call("asking INFO", "INFO")));
            info = known;
        }
        return known;
    }

    /** What Redis' own clock says now. */
    Instant redisTime() {
        @Nullable Object reply = redis().call("asking for the time", "TIME");
        if (reply instanceof List<?> time && time.size() == 2) {
            try {
                return Instant.ofEpochSecond(
                        Long.parseLong(String.valueOf(time.get(0))),
                        TimeUnit.MICROSECONDS.toNanos(Long.parseLong(String.valueOf(time.get(1)))));
            } catch (NumberFormatException e) {
                throw new NotCheckedException("what Redis gave as its time is none");
            }
        }
        throw new NotCheckedException("Redis gave no time");
    }

    /** As whom Redis knows us. */
    String user() {
        String known = user;
        if (known == null) {
            known = askUser();
            user = known;
        }
        return known;
    }

    private String askUser() {
        try {
            return String.valueOf(redis().call("asking who we are", "ACL", "WHOAMI"));
        } catch (StateException e) {
            if (RawConnection.lacksRight(e)) {
                // It may not even ask that; but it is who was let in.
                return options().username().orElse("default");
            }
            throw e;
        }
    }

    /** What this user may do. @throws NotCheckedException if Redis cannot be asked */
    Permissions permissions() {
        Permissions known = permissions;
        if (known == null) {
            known = Permissions.of(redis());
            permissions = known;
        }
        return known;
    }

    /** The client as programs use it. @throws NotCheckedException if there is no connection */
    StateManager state() {
        redis();
        StateManager known = state;
        if (known == null) {
            known = StateManager.create(options());
            state = known;
        }
        return known;
    }

    /** Nodes, sessions and documents. */
    Fleet fleet() {
        Fleet known = fleet;
        if (known == null) {
            known = Fleet.read(this);
            fleet = known;
        }
        return known;
    }

    /** The end of the log of transitions. */
    EventLog eventLog() {
        EventLog known = eventLog;
        if (known == null) {
            known = EventLog.read(state());
            eventLog = known;
        }
        return known;
    }

    /** The session that is tried under the scratch namespace. */
    Rehearsal rehearsal() {
        redis();
        Rehearsal known = rehearsal;
        if (known == null) {
            known = new Rehearsal(this);
            rehearsal = known;
        }
        return known;
    }

    /** Round trips that were measured; null if they were not. */
    @Nullable
    Latencies roundTrips() {
        return roundTrips;
    }

    void roundTrips(Latencies measured) {
        roundTrips = measured;
    }

    /** The name of a key or channel as it is in Redis. */
    String named(String name) {
        String namespace = options().namespace();
        return namespace.isEmpty() ? name : namespace + ":" + name;
    }

    /**
     * The node whose rights are looked at: the one that the options name; else the one whose user this is, for a user has the name of
     * its node.
     */
    String identity() {
        return patient.isNode() || RoleGuess.NO_NODES.contains(user())
                ? options().nodeId()
                : user();
    }

    /** The namespace that is this node's to try things in. */
    String scratch() {
        return "doctor_" + identity();
    }

    /** The role whose rights this user should have. @throws NotCheckedException if it is not known */
    RoleGuess role() {
        RoleGuess known = role;
        if (known == null) {
            known = RoleGuess.of(this);
            role = known;
        }
        return known;
    }

    /** Asks for several things at once; a refusal stands in place of its answer. */
    List<@Nullable Object> askAll(String what, List<List<String>> commands) {
        return redis().callAll(what, commands);
    }

    /** How long one call may take, and a little more. */
    Duration patience() {
        return options().connectTimeout().plus(options().timeout());
    }

    /** From now on nothing more is asked of Redis. Thread-safe. */
    void lose(String why) {
        lost = why;
    }

    /** As {@link #lose}; and a command under way fails. Thread-safe enough for that. */
    void cut(String why) {
        lose(why);
        Contact reached = contact;
        if (reached != null) {
            reached.close();
        }
    }

    /** Whether nothing more is asked of Redis. */
    boolean isLost() {
        return lost != null;
    }

    /** Whether Redis is not there, or went away. */
    boolean isUnreachable() {
        return lost != null || (contact != null && contact.isUnreachable());
    }

    /** Node and server, as far as they are known. */
    @Nullable
    StateOptions knownOptions() {
        return options;
    }

    /** Cuts every connection: a check that hangs ends. Thread-safe enough for that. */
    @Override
    public void close() {
        Rehearsal played = rehearsal;
        if (played != null) {
            played.close();
        }
        StateManager open = state;
        if (open != null) {
            open.close();
        }
        Contact reached = contact;
        if (reached != null) {
            reached.close();
        }
    }
}
