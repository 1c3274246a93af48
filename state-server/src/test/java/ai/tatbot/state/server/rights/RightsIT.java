package ai.tatbot.state.server.rights;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.SafeEncoder;

/** Every operation, tried as every user on a real Redis, against the table in the docs; and what no user may ever do. */
class RightsIT {
    private static final Path TABLE = Path.of("../docs/operations/access.md");
    private static final String SECRET = "a-password-of-a-test";

    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        try (Jedis admin = redis.jedis()) {
            for (FleetUser user : FleetUser.values()) {
                user.create(admin, SECRET);
            }
        }
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void aFleetThatIsThere() {
        redis.admin("FLUSHALL");
        redis.admin("ACL LOG RESET");
        Attempt.prepare(redis);
    }

    @Test
    void everyOperationAsEveryUser() throws IOException {
        List<String> rows = new ArrayList<>();
        rows.add("| operation | " + users(user -> "`" + user.redisName() + "`") + " |");
        rows.add("|---|" + users(user -> "---").replace(" | ", "|") + "|");
        for (Operation operation : Operation.values()) {
            rows.add("| " + operation.text() + " | " + users(user -> verdict(operation, user)) + " |");
        }
        String table = String.join("\n", rows);
        assertThat(Files.readString(TABLE))
                .as("what users may do has changed, or %s is stale. It must have:%n%s%n", TABLE, table)
                .contains(table);
    }

    private static String users(java.util.function.Function<FleetUser, String> cell) {
        return List.of(FleetUser.values()).stream().map(cell).collect(Collectors.joining(" | "));
    }

    private static String verdict(Operation operation, FleetUser user) {
        redis.admin("FLUSHALL");
        Attempt.prepare(redis);
        try (Attempt attempt = new Attempt(redis, user, SECRET)) {
            operation.run(attempt);
            return "yes";
        } catch (StateException e) {
            assertThat(e.reason()).as("%s as %s: %s", operation, user, e).isEqualTo(StateException.Reason.DENIED);
            return "-";
        } catch (JedisDataException e) {
            assertThat(e).as("%s as %s", operation, user).hasMessageStartingWith("NOPERM");
            return "-";
        } catch (Exception e) {
            throw new AssertionError(operation + " as " + user + ": " + e, e);
        }
    }

    /** Each command that Redis knows, with the state of a robot as its keys: what is not refused must leave it as it is. */
    @Test
    void aViewerWritesNoRobotStateByAnyCommand() {
        try (Jedis admin = redis.jedis();
                Attempt ook = new Attempt(redis, FleetUser.OOK, SECRET)) {
            Map<String, String> before = admin.hgetAll(Attempt.ROBOT);
            assertThat(before).containsKeys("state", "rev");
            Set<String> allowed = new TreeSet<>();
            List<String> commands = commands(admin);
            assertThat(commands).hasSizeGreaterThan(200);
            for (String command : commands) {
                for (int more = 0; more <= 8; more++) {
                    if (isAllowed(admin, command, more)) {
                        allowed.add(command);
                        attempt(ook, command, more);
                    }
                }
                assertThat(admin.hgetAll(Attempt.ROBOT)).as(command).isEqualTo(before);
            }
            assertThat(allowed)
                    .contains("HGETALL", "HMGET", "PING")
                    .doesNotContain("DEL", "EXPIRE", "HSET", "RENAME", "RESTORE", "SET", "SORT", "UNLINK", "COPY");
            for (String script : List.of(
                    "return redis.call('HSET', 'robot:state:hog', 'state', '{}')",
                    "return redis.call('DEL', 'robot:state:hog')",
                    "return redis.pcall('PEXPIRE', 'robot:state:hog', 1)",
                    "return redis.call('RENAME', 'node:health:ook', 'robot:state:hog')",
                    "redis.set_repl(redis.REPL_NONE); return redis.pcall('HDEL', 'robot:state:hog', 'state')")) {
                for (List<String> keys : List.of(List.<String>of(), List.of(Attempt.ROBOT))) {
                    try {
                        ook.jedis().eval(script, keys, List.of());
                    } catch (JedisDataException e) {
                        assertThat(e.getMessage()).as(script).containsIgnoringCase("permission");
                    }
                }
            }
            assertThat(admin.hgetAll(Attempt.ROBOT)).isEqualTo(before);
            assertThat(admin.pttl(Attempt.ROBOT)).isGreaterThan(60_000);
        }
    }

    private static List<String> commands(Jedis admin) {
        List<String> names = new ArrayList<>();
        for (Object name : (List<?>) admin.sendCommand(Protocol.Command.COMMAND, "LIST")) {
            names.add(SafeEncoder.encode((byte[]) name).toUpperCase(Locale.ROOT));
        }
        return names.stream().filter(name -> !name.contains("|")).sorted().toList();
    }

    /** Words that a command might take: the key, and as many more as it needs. */
    private static String[] arguments(int more) {
        List<String> arguments = new ArrayList<>(List.of(Attempt.ROBOT));
        for (int i = 0; i < more; i++) {
            arguments.add("1");
        }
        return arguments.toArray(String[]::new);
    }

    private static boolean isAllowed(Jedis admin, String command, int more) {
        List<String> words = new ArrayList<>(List.of("DRYRUN", FleetUser.OOK.redisName(), command));
        words.addAll(List.of(arguments(more)));
        try {
            Object answer = admin.sendCommand(Protocol.Command.ACL, words.toArray(String[]::new));
            return SafeEncoder.encode((byte[]) answer).equals("OK");
        } catch (JedisDataException e) {
            // Not this number of arguments.
            return false;
        }
    }

    private static void attempt(Attempt ook, String command, int more) {
        if (Set.of("QUIT", "SUBSCRIBE", "PSUBSCRIBE", "RESET", "AUTH", "HELLO", "WAIT")
                .contains(command)) {
            return;
        }
        try {
            ook.jedis().sendCommand(() -> SafeEncoder.encode(command), arguments(more));
        } catch (JedisDataException e) {
            // Allowed, but not with these words.
            assertThat(e).hasMessageNotContaining("LOADING");
        }
    }

    /** What the client does all day is never refused, so a refusal in the log of Redis means something. */
    @Test
    void aDayInTheLifeOfTheFleetLeavesNothingInTheLogOfRefusals() throws Exception {
        try (Attempt hog = new Attempt(redis, FleetUser.HOG, SECRET);
                Attempt ook = new Attempt(redis, FleetUser.OOK, SECRET);
                Attempt eek = new Attempt(redis, FleetUser.EEK_SERVER, SECRET)) {
            for (Attempt viewer : List.of(ook, eek)) {
                Operation.WATCH.run(viewer);
                Operation.STATUS.run(viewer);
                Operation.HEARTBEAT.run(viewer);
            }
            Operation.HEARTBEAT.run(hog);
            Operation.SESSION.run(hog);
            Operation.ROBOT_STATE.run(hog);
            Operation.ERROR.run(hog);
            hog.state().updateRobotState(Samples.robot("hog").build());
        }
        try (Jedis admin = redis.jedis()) {
            assertThat(admin.aclLog()).isEmpty();
        }
    }
}
