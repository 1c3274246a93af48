package ai.tatbot.state.server.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.faultkit.LegacyNode;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.SafeEncoder;

/** Older Python nodes, who share the default user, beside nodes that have users of their own. */
class LegacyPythonIT {
    private static final String SECRET = "a-password-of-a-test";
    private static final String SESSION = "stroke_oop_1755547777";

    private RedisServer redis;
    private Jedis admin;
    private LegacyNode python;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        redis.admin("ACL SETUSER admin on >" + SECRET + " ~* &* +@all");
        admin = new Jedis("127.0.0.1", redis.port());
        admin.auth("admin", SECRET);
        FleetUser.HOG.create(admin, SECRET);
        FleetUser.OOK.create(admin, SECRET);
        FleetUser.EEK_SERVER.create(admin, SECRET);
        python = LegacyNode.beside(redis);
    }

    @AfterEach
    void stop() {
        python.close();
        admin.close();
        redis.close();
    }

    /** As node add default --role python does it. */
    private void letThemIn() {
        admin.aclSetUser(
                "default",
                AclRules.of(Roles.packaged().role("python"), "default", "")
                        .words()
                        .toArray(String[]::new));
    }

    private StateManager node(FleetUser user) {
        return StateManager.connect(redis.options()
                .username(user.redisName())
                .password(SECRET)
                .nodeId(user.nodeId())
                .build());
    }

    @Test
    void allTheirCallsWork() {
        letThemIn();
        python.run("write", "oop", SESSION);
        python.run("rewrite", "oop", SESSION, "6", "26");
        assertThat(python.run("scan"))
                .singleElement()
                .asString()
                .contains("robot:state:oop", SESSION, "node:health:oop");
        assertThat(python.run("read", "robot:state:oop"))
                .singleElement()
                .asString()
                .contains("current_pose");
        assertThat(python.run("history", "stream:stroke_history:" + SESSION))
                .singleElement()
                .asString()
                .contains("pose_idx");
        python.run("publish", "oop", SESSION);
        python.run("other-progress", "oop");
        assertThat(admin.aclLog()).isEmpty();
    }

    @Test
    void theyAndTheOthersSeeEachOther() {
        letThemIn();
        try (StateManager hog = node(FleetUser.HOG);
                StateManager eek = node(FleetUser.EEK_SERVER);
                LegacyNode.Running listening = python.start("listen", "1")) {
            assertThat(listening.line()).contains("ready");
            python.run("write", "oop", SESSION);
            // The server finds what stands in no index.
            assertThat(eek.systemStatusOfAllNodes().nodes())
                    .anyMatch(node -> node.id().equals("oop"));
            StateMirror mirror = hog.mirror();
            Awaitility.await().until(() -> mirror.robotState("oop").isPresent());
            hog.updateRobotState(Samples.robot("hog").build());
            assertThat(listening.line()).contains("state_update");
            assertThat(python.run("scan")).singleElement().asString().contains("robot:state:hog");
        }
        assertThat(admin.aclLog()).isEmpty();
    }

    @Test
    void theyCannotDoMoreThanTheyNeed() {
        letThemIn();
        try (Jedis old = new Jedis("127.0.0.1", redis.port())) {
            old.auth(RedisServer.PASSWORD);
            for (String[] command : new String[][] {
                {"DEL", "robot:state:hog"},
                {"FLUSHALL"},
                {"CONFIG", "GET", "*"},
                {"EVAL", "return 1", "0"},
                {"XADD", "events:log", "*", "a", "b"},
                {"SADD", "index:nodes", "x"},
                {"SET", "other", "1"},
                {"ACL", "LIST"},
            }) {
                assertThatThrownBy(() -> old.sendCommand(
                                () -> SafeEncoder.encode(command[0]),
                                Stream.of(command).skip(1).toArray(String[]::new)))
                        .as(List.of(command).toString())
                        .hasMessageStartingWith("NOPERM");
            }
        }
    }

    @Test
    void withoutThemNoneOfTheirCallsWorks() {
        admin.aclSetUser("default", "off");
        for (String[] command : new String[][] {
            {"write", "oop", SESSION}, {"publish", "oop", SESSION}, {"scan"}, {"read", "robot:state:hog"}
        }) {
            assertThatThrownBy(() -> python.run(command)).as(command[0]).hasMessageContaining("WRONGPASS");
        }
        assertThat(admin.dbSize()).isZero();
    }
}
