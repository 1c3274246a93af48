package ai.tatbot.state.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Who may do what: the roles, and what keys and channels say of them. */
class RoleFilesTest {
    private static final String META = "meta/role.json";

    static List<String> roleFiles() {
        return SchemaFiles.in("roles");
    }

    static List<String> keyAndChannelFiles() {
        return SchemaFiles.in(SchemaFiles.NAME_FOLDERS);
    }

    @ParameterizedTest
    @MethodSource("roleFiles")
    void keepsToItsMetaSchema(String file) {
        assertThat(SchemaValidator.errors(META, SchemaFiles.read(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("roleFiles")
    void nameIsThatOfTheFile(String file) {
        assertThat(SchemaFiles.read(file).path("name").asString())
                .isEqualTo(SchemaFiles.baseName(file).replace('-', '_'));
    }

    @ParameterizedTest
    @MethodSource("roleFiles")
    void includesRolesThatIncludeNothing(String file) {
        assertThat(SchemaFiles.read(file).path("includes"))
                .map(RoleFilesTest::role)
                .allSatisfy(
                        included -> assertThat(included.path("includes").size()).isZero());
    }

    @ParameterizedTest
    @MethodSource("keyAndChannelFiles")
    void grantsAreToRolesThatExist(String file) {
        assertThat(grants(file))
                .isNotEmpty()
                .allSatisfy(
                        grant -> assertThat(role(grant.path("role")).isObject()).isTrue());
    }

    @ParameterizedTest
    @MethodSource("keyAndChannelFiles")
    void ownIsSaidOfParameters(String file) {
        assertThat(grants(file))
                .allSatisfy(grant -> assertThat(
                                SchemaFiles.read(file).path("parameters").propertyNames())
                        .containsAll(grant.path("own").propertyNames()));
    }

    /** A right of a role that includes another must not stand twice: the wider one would win unseen. */
    @ParameterizedTest
    @MethodSource("keyAndChannelFiles")
    void noRoleIsGrantedTheSameTwice(String file) {
        for (String list : List.of("writers", "readers", "publishers", "listeners")) {
            assertThat(SchemaFiles.read(file).path(list))
                    .extracting(grant -> grant.path("role").asString())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void everyRoleIsUsed() {
        List<String> used = new ArrayList<>();
        keyAndChannelFiles()
                .forEach(file -> grants(file)
                        .forEach(grant -> used.add(grant.path("role").asString())));
        assertThat(used)
                .containsAll(roleFiles().stream()
                        .map(file -> SchemaFiles.read(file).path("name").asString())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'colour': 'blue'}",
                "{'includes': 'node'}",
                "{'commands': ['ping']}",
                "{'commands': {'PING': 'pulse'}}",
                "{'commands': {'acl |whoami': 'who'}}",
                "{'commands': {'@all': 'everything'}}",
                "{'listens': {'': 'nothing'}}",
                "{'scratch': 'doctor'}",
                "{'scratch': '{node_id}'}"
            })
    void refusedRole(String change) {
        ObjectNode role = (ObjectNode) SchemaFiles.read("roles/node.json");
        role.setAll((ObjectNode) SchemaFiles.parse(change.replace('\'', '"')));
        assertThat(SchemaValidator.errors(META, role)).isNotEmpty();
    }

    private static List<JsonNode> grants(String file) {
        JsonNode content = SchemaFiles.read(file);
        return Stream.of("writers", "readers", "publishers", "listeners")
                .flatMap(list -> content.path(list).valueStream())
                .toList();
    }

    private static JsonNode role(JsonNode name) {
        return SchemaFiles.read("roles/" + name.asString().replace('_', '-') + ".json");
    }
}
