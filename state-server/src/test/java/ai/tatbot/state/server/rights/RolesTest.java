package ai.tatbot.state.server.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.model.RedisType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolesTest {
    private static List<String> patterns(String role, Verb verb, RedisType type) {
        return Roles.packaged().role(role).rights("hog", "").stream()
                .filter(right -> right.verb() == verb && right.keyType() == type)
                .map(Right::pattern)
                .toList();
    }

    @Test
    void aRobotWritesItsOwnDocuments() {
        assertThat(patterns("robot", Verb.WRITE, RedisType.HASH))
                .containsExactlyInAnyOrder(
                        "robot:state:hog", "node:health:hog", "liveness:hog", "stroke:progress:stroke_hog_*");
    }

    @Test
    void aNodeWritesItsHealthOnly() {
        assertThat(patterns("node", Verb.WRITE, RedisType.HASH))
                .containsExactlyInAnyOrder("node:health:hog", "liveness:hog");
    }

    @Test
    void theWiderRightStandsAlone() {
        assertThat(patterns("server", Verb.WRITE, RedisType.HASH))
                .containsExactlyInAnyOrder("robot:state:*", "node:health:*", "liveness:*", "stroke:progress:*");
    }

    @Test
    void aNamespaceStandsBeforeAllButWhatRedisItselfSays() {
        assertThat(Roles.packaged().role("node").rights("ook", "{fleet-a}"))
                .extracting(Right::pattern)
                .contains("{fleet-a}:node:health:ook", "{fleet-a}:node:events:*", "__keyevent@*__:expired")
                .allMatch(pattern -> pattern.startsWith("{fleet-a}:") || pattern.startsWith("__"));
    }

    @Test
    void whatStandsInTheRules() {
        assertThat(AclRules.of(Roles.packaged().role("node"), "ook", "").words())
                .startsWith("clearselectors", "resetchannels", "resetkeys", "-@all")
                .contains("+acl|whoami", "~node:health:ook", "~doctor_ook:*")
                .contains("(&error:events:* &node:events:ook &system:events +publish)")
                .noneMatch(word -> word.contains("+@") || word.contains("+config") || word.contains("+flush"))
                .noneMatch(word -> word.startsWith("(~robot"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "hog*", "h?g", "[hog]", "hog ook", "hog)", ".hog", "hog\n"})
    void whatIsNoNodeGetsNoRights(String nodeId) {
        for (Role role : Roles.packaged().all()) {
            assertThatThrownBy(() -> role.rights(nodeId, "")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void everyRoleSaysWhatItIsForAndWhyItMay() {
        assertThat(Roles.packaged().all())
                .extracting(Role::name)
                .containsExactlyInAnyOrder("node", "python", "robot", "server");
        assertThat(Roles.packaged().all().stream()
                        .flatMap(role -> Stream.concat(
                                role.commands().values().stream(),
                                role.rights("hog", "").stream().map(Right::why))))
                .doesNotContain("");
    }

    @Test
    void aRoleThatIsNotThere() {
        assertThatThrownBy(() -> Roles.packaged().role("king"))
                .hasMessage("there is no role king; there are [node, python, robot, server]");
    }
}
