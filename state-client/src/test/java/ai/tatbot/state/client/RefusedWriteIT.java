package ai.tatbot.state.client;

import static ai.tatbot.state.client.Fleet.Write.END;
import static ai.tatbot.state.client.Fleet.Write.EVENT;
import static ai.tatbot.state.client.Fleet.Write.HEARTBEAT;
import static ai.tatbot.state.client.Fleet.Write.NEW_ROBOT;
import static ai.tatbot.state.client.Fleet.Write.NEW_SESSION;
import static ai.tatbot.state.client.Fleet.Write.POSITION;
import static ai.tatbot.state.client.Fleet.Write.POSITION_EVENT;
import static ai.tatbot.state.client.Fleet.Write.POSITION_RENEWING;
import static ai.tatbot.state.client.Fleet.Write.ROBOT_STATE;
import static ai.tatbot.state.client.Fleet.Write.ROBOT_STATE_AND_ARM;
import static ai.tatbot.state.client.Fleet.Write.TRANSITION;
import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.Fleet.Write;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.internal.DocumentWrite;
import ai.tatbot.state.client.internal.DocumentWrite.Fence;
import ai.tatbot.state.model.StrokeProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A write that Redis refuses, for whatever reason, leaves everything as it was and sends nothing, on each Redis there is. */
class RefusedWriteIT {
    private static final String SCRIPT_MAY_NOT_PUBLISH =
            "The user executing the script can't publish to the channel mentioned in the command";
    private static final String SCRIPT_MAY_NOT_CALL =
            "The user executing the script can't run this command or subcommand";
    private static final String NO_KEY = "this user has no permissions to access one of the keys used as arguments";
    private static final String NO_CHANNEL =
            "this user has no permissions to access one of the channels used as arguments";

    private static final Set<Write> ALL = EnumSet.allOf(Write.class);
    private static final Set<Write> SCRIPTS = EnumSet.complementOf(EnumSet.of(POSITION_EVENT));
    private static final Set<Write> LOGGED =
            EnumSet.of(TRANSITION, END, NEW_SESSION, ROBOT_STATE_AND_ARM, NEW_ROBOT, EVENT);
    private static final Set<Write> RENEWING =
            EnumSet.of(POSITION_RENEWING, END, NEW_SESSION, ROBOT_STATE, ROBOT_STATE_AND_ARM, NEW_ROBOT, HEARTBEAT);
    private static final Set<Write> OF_SESSION = EnumSet.of(POSITION, POSITION_RENEWING, TRANSITION, END);

    private static final List<Refusal> REFUSALS = List.of(
            refusal("every channel denied", "ACL SETUSER node resetchannels", Reason.DENIED)
                    .message(ALL, lacks(SCRIPT_MAY_NOT_PUBLISH))
                    .message(EnumSet.of(POSITION_EVENT), lacks(NO_CHANNEL))
                    .messageSince7(EnumSet.of(ROBOT_STATE_AND_ARM, NEW_ROBOT), lacks("PUBLISH robot:events")),
            refusal("PUBLISH denied", "ACL SETUSER node -publish", Reason.DENIED)
                    .message(SCRIPTS, lacks(SCRIPT_MAY_NOT_CALL))
                    .messageSince7(EnumSet.of(ROBOT_STATE_AND_ARM, NEW_ROBOT), lacks("PUBLISH robot:events")),
            refusal("every key denied", "ACL SETUSER node resetkeys ~other:*", Reason.DENIED)
                    .message(SCRIPTS, lacks(NO_KEY)),
            refusal(
                            "the documents' keys denied",
                            "ACL SETUSER node resetkeys ~events:* ~index:* ~stream:*",
                            Reason.DENIED)
                    .message(without(SCRIPTS, EVENT), lacks(NO_KEY)),
            refusal(
                            "the index denied",
                            "ACL SETUSER node resetkeys ~events:* ~stream:* ~stroke:* ~robot:* ~node:*",
                            Reason.DENIED)
                    .message(without(without(SCRIPTS, EVENT), POSITION), lacks(NO_KEY)),
            refusal(
                            "the log denied",
                            "ACL SETUSER node resetkeys ~index:* ~stream:* ~stroke:* ~robot:* ~node:*",
                            Reason.DENIED)
                    .message(LOGGED, lacks(NO_KEY)),
            refusal("HSET denied", "ACL SETUSER node -hset", Reason.DENIED)
                    .message(without(SCRIPTS, EVENT), lacks(SCRIPT_MAY_NOT_CALL)),
            refusal("XADD denied", "ACL SETUSER node -xadd", Reason.DENIED).message(LOGGED, lacks(SCRIPT_MAY_NOT_CALL)),
            refusal("SADD denied", "ACL SETUSER node -sadd", Reason.DENIED)
                    .message(RENEWING, lacks(SCRIPT_MAY_NOT_CALL)),
            refusal("PEXPIRE of a new key denied", "ACL SETUSER node -pexpire", Reason.DENIED)
                    .message(EnumSet.of(NEW_SESSION, NEW_ROBOT), lacks(SCRIPT_MAY_NOT_CALL)),
            refusal("another type under the session's key", "SET stroke:progress:{session} text", Reason.INVALID)
                    .message(OF_SESSION, RefusedWriteIT::otherType),
            refusal("another type under the robot's key", "SET robot:state:hog text", Reason.INVALID)
                    .message(EnumSet.of(ROBOT_STATE, ROBOT_STATE_AND_ARM), RefusedWriteIT::otherType),
            refusal("another type under the log's key", "SET events:log text", Reason.INVALID)
                    .message(LOGGED, RefusedWriteIT::otherType),
            refusal(
                            "another type under the indexes' keys",
                            "SET index:nodes text, SET index:sessions text",
                            Reason.INVALID)
                    .message(RENEWING, RefusedWriteIT::otherType),
            refusal("maxmemory reached", "CONFIG SET maxmemory 1", Reason.OUT_OF_MEMORY)
                    .message(
                            SCRIPTS,
                            what -> what
                                    + ": Redis at {redis} has reached maxmemory. Nothing was stored. Free memory or raise the limit."),
            refusal("a replica", "REPLICAOF 127.0.0.1 1", Reason.READ_ONLY)
                    .message(
                            SCRIPTS,
                            what -> what + ": {redis} is a replica. Nothing was stored. Connect to the primary."),
            refusal("too few replicas", "CONFIG SET min-replicas-to-write 1", Reason.READ_ONLY)
                    .message(
                            SCRIPTS,
                            what -> what
                                    + ": {redis} takes no writes now: NOREPLICAS Not enough good replicas to write."),
            refusal("taken over", "HSET stroke:progress:{session} fence 7", Reason.CONFLICT)
                    .message(
                            OF_SESSION,
                            what -> what
                                    + ": this writer no longer owns the session (fence 7 is the fence of stroke:progress:{session}, yours: 1);"
                                    + " it has ended or was taken over. Start a new one."));

    private static final List<RedisServer> SERVERS = new ArrayList<>();

    @BeforeAll
    static void start() {
        for (Path program : RedisServer.programs()) {
            SERVERS.add(RedisServer.start(program));
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.forEach(RedisServer::close);
    }

    static Stream<Arguments> refusals() {
        return SERVERS.stream()
                .flatMap(redis -> REFUSALS.stream()
                        .flatMap(refusal -> refusal.writes().stream()
                                .map(write -> Arguments.of(redis.version(), write, refusal.name, redis, refusal))));
    }

    @ParameterizedTest(autoCloseArguments = false, name = "Redis {0}, {1}: {2}")
    @MethodSource("refusals")
    void leavesNoTrace(String version, Write write, String name, RedisServer redis, Refusal refusal) {
        try (Fleet fleet = new Fleet(redis)) {
            redis.admin(fleet.fill(refusal.command).split(", "));
            StateException refused = fleet.refused(() -> write.run(fleet));
            assertThat(refused.reason()).isEqualTo(refusal.reason);
            assertThat(String.valueOf(refused.getMessage()).replaceAll("stroke_hog_[0-9]+_[0-9a-z]+", "stroke_hog_*"))
                    .isEqualTo(fleet.fill(refusal.text(version, write, write.what(fleet)))
                            .replaceAll("stroke_hog_[0-9]+_[0-9a-z]+", "stroke_hog_*"));
        }
    }

    static Stream<Arguments> servers() {
        return SERVERS.stream().map(redis -> Arguments.of(redis.version(), redis));
    }

    @ParameterizedTest(autoCloseArguments = false, name = "Redis {0}")
    @MethodSource("servers")
    void nothingGetsIntoASessionThatHasEnded(String version, RedisServer redis) {
        try (Fleet fleet = new Fleet(redis)) {
            fleet.session.end();
            fleet.eavesdropper.soFar();
            StateException refused =
                    fleet.refused(() -> fleet.write(write -> write.fence(new Fence(1, Duration.ofSeconds(10)))));
            assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
            assertThat(refused)
                    .hasMessage(
                            fleet.fill(
                                    "writing stroke:progress:{session}: this writer no longer owns the session (fence 2 is the"
                                            + " fence of stroke:progress:{session}, yours: 1); it has ended or was taken over. Start a new one."));
        }
    }

    @ParameterizedTest(autoCloseArguments = false, name = "Redis {0}")
    @MethodSource("servers")
    void anotherRevisionThanExpected(String version, RedisServer redis) {
        try (Fleet fleet = new Fleet(redis)) {
            long revision = fleet.session.revision();
            assertConflict(fleet, revision, revision - 1 + "", write -> write.onlyIfRevision(revision - 1));
            assertConflict(fleet, revision, revision + 1 + "", write -> write.onlyIfRevision(revision + 1));
            assertConflict(fleet, revision, "0", write -> write.onlyIfRevision(0));
            assertConflict(fleet, revision, "new", DocumentWrite::onlyIfNew);
            redis.admin("HDEL " + fleet.sessionKey() + " rev");
            assertConflict(fleet, 0, Long.toString(revision), write -> write.onlyIfRevision(revision));
            redis.admin("DEL " + fleet.sessionKey());
            assertConflict(fleet, 0, "0", write -> write.onlyIfRevision(0));
        }
    }

    private static void assertConflict(
            Fleet fleet, long stored, String expected, UnaryOperator<DocumentWrite<StrokeProgress>> condition) {
        StateException refused = fleet.refused(() -> fleet.write(condition));
        assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(refused)
                .hasMessage(fleet.fill(
                        "writing stroke:progress:{session}: changed by someone else meanwhile (revision " + stored
                                + " is the revision of stroke:progress:{session}, expected: " + expected
                                + "). Read it again and decide."));
    }

    @ParameterizedTest(autoCloseArguments = false, name = "Redis {0}")
    @MethodSource("servers")
    void theExpectedRevisionIsLetIn(String version, RedisServer redis) {
        try (Fleet fleet = new Fleet(redis)) {
            long revision = fleet.session.revision();
            fleet.write(write -> write.onlyIfRevision(revision));
            assertThat(fleet.hog
                            .strokeProgress(fleet.session.id())
                            .orElseThrow()
                            .rev())
                    .isEqualTo(revision + 1);
        }
    }

    private static UnaryOperator<String> lacks(String right) {
        return what -> what + ": this Redis user lacks a right: " + right
                + ". Nothing was stored. Grant it, or use the user meant for this node.";
    }

    private static String otherType(String what) {
        return what
                + ": the key, or one that belongs to it, holds another Redis type. Nothing was stored. Look at it with TYPE and remove it if it is no longer needed.";
    }

    private static Set<Write> without(Set<Write> writes, Write one) {
        Set<Write> rest = EnumSet.copyOf(writes);
        rest.remove(one);
        return rest;
    }

    private static Refusal refusal(String name, String command, Reason reason) {
        return new Refusal(name, command, reason, List.of());
    }

    /**
     * One way to make Redis refuse.
     *
     * @param command what the administrator does; several with a comma between them
     * @param messages what is said to whom; the last that fits counts
     */
    record Refusal(String name, String command, Reason reason, List<Message> messages) {
        Refusal message(Set<Write> writes, UnaryOperator<String> text) {
            return with(new Message("", writes, text));
        }

        /** From 7.0 on, whose scripts can ask whether they may. */
        Refusal messageSince7(Set<Write> writes, UnaryOperator<String> text) {
            return with(new Message("6.", writes, text));
        }

        private Refusal with(Message message) {
            List<Message> more = new ArrayList<>(messages);
            more.add(message);
            return new Refusal(name, command, reason, more);
        }

        Set<Write> writes() {
            return messages.get(0).writes;
        }

        String text(String version, Write write, String what) {
            List<String> fitting = new ArrayList<>();
            Consumer<Message> add = message -> fitting.add(message.text.apply(what));
            messages.stream()
                    .filter(message -> message.writes.contains(write))
                    .filter(message -> message.exceptVersion.isEmpty() || !version.startsWith(message.exceptVersion))
                    .forEach(add);
            return fitting.get(fitting.size() - 1);
        }

        private record Message(String exceptVersion, Set<Write> writes, UnaryOperator<String> text) {}
    }
}
