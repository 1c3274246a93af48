package ai.tatbot.state.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule both ways: what an edit breaks, and what undoing it would break. */
class EvolutionTest {
    private static final String ROBOT = "models/robot-state.json";
    private static final String PROGRESS = "models/stroke-progress.json";
    private static final String SESSION = "channels/stroke-session.json";
    private static final String NOBODY = "";

    @TempDir
    Path folder;

    static Stream<Arguments> edits() {
        return Stream.of(
                // file, edit, what it breaks and whom, what undoing it breaks and whom
                edit(PROGRESS, remove("offset_idx_l"), "field offset_idx_l was removed RW", NOBODY),
                edit(
                        PROGRESS,
                        field("pose_idx", "type", "'number'"),
                        "another type: integer became number R",
                        "number became integer W"),
                edit(
                        PROGRESS,
                        field("scene_name", "type", "'integer'"),
                        "string became integer RW",
                        "integer became string RW"),
                edit(
                        ROBOT,
                        field("joints_l", "items", "{'type': 'string'}"),
                        "array of number became array of string RW",
                        "RW"),
                edit(ROBOT, field("joints_l", "maxItems", "7"), "joints_l allows less: maxItems 32 became 7 W", NOBODY),
                edit(
                        ROBOT,
                        field("current_pose", "maxLength", "16"),
                        "current_pose allows less: maxLength 256 became 16 W",
                        NOBODY),
                edit(
                        ROBOT,
                        field("goal_time_slow", "minimum", "1"),
                        "goal_time_slow allows less: minimum 0 became 1 W",
                        NOBODY),
                edit(
                        ROBOT,
                        field("goal_time_slow", "maximum", "60"),
                        "goal_time_slow allows less: maximum none became 60 W",
                        NOBODY),
                edit(
                        ROBOT,
                        field("goal_time_slow", "default", "3.0"),
                        "goal_time_slow means another thing where it is absent: 2.0 became 3.0 RW",
                        "3.0 became 2.0 RW"),
                edit(
                        ROBOT,
                        field("goal_time_slow", "x-unit", "'ms'"),
                        "goal_time_slow has another unit: s became ms RW",
                        "ms became s RW"),
                edit(
                        "types/session-id.json",
                        node -> node.put("pattern", "^[a-z]{1,9}$"),
                        "field session_id has another pattern RW",
                        "session_id has another pattern RW"),
                edit(
                        ROBOT,
                        node -> node.putArray("required").add("current_pose"),
                        "current_pose is required now W",
                        "current_pose is no longer required R"),
                edit(
                        "events/session-end.json",
                        reason("completed", "interrupted"),
                        "reason may no longer be abandoned W",
                        "reason may also be abandoned R"),
                edit(
                        "events/session-pause.json",
                        field("type", "const", "'session_paused'"),
                        "\"session_pause\" became \"session_paused\" RW",
                        "RW"),
                edit(ROBOT, add("torque_l", "{'type': ['number', 'null']}"), NOBODY, "field torque_l was removed RW"),
                edit(
                        ROBOT,
                        node -> {
                            add("torque_l", "{'type': 'number'}").accept(node);
                            node.putArray("required").add("torque_l");
                        },
                        "field torque_l is new, and required W",
                        "field torque_l was removed RW"),
                edit(
                        "keys/node-health.json",
                        node -> node.put("template", "node:wellbeing:{node_id}"),
                        "template node:health:{node_id} became node:wellbeing:{node_id} RW",
                        "RW"),
                edit(
                        "keys/node-health.json",
                        node -> node.put("ttl_seconds", 30),
                        "ttl_seconds 60 became 30 RW",
                        "ttl_seconds 30 became 60 RW"),
                edit(
                        "keys/stroke-history.json",
                        node -> node.put("max_length", 100),
                        "max_length 2000 became 100 R",
                        NOBODY),
                edit(
                        "keys/stroke-history.json",
                        node -> node.withObject("/fields").remove("node_id"),
                        "field node_id was removed RW",
                        NOBODY),
                edit(
                        "keys/events-log.json",
                        EvolutionTest::asSet,
                        "redis_type stream became set RW",
                        "redis_type set became stream RW"),
                edit(
                        "keys/robot-state.json",
                        node -> node.put("channel", "node_events"),
                        "channel robot_events became node_events RW",
                        "RW"),
                edit(
                        "keys/robot-state.json",
                        node -> node.put("index", "index_sessions"),
                        "index index_nodes became index_sessions RW",
                        "RW"),
                edit(
                        "keys/robot-state.json",
                        node -> node.withObject("/document").put("field", "robot"),
                        "document RW",
                        "RW"),
                edit(
                        SESSION,
                        node -> node.put("template", "stroke:events:sessions"),
                        "template stroke:events:session became stroke:events:sessions RW",
                        "RW"),
                edit(
                        SESSION,
                        node -> ((ObjectNode) node.at("/messages/0")).put("class", "position"),
                        "events/session-start.json was a transition and is a position RW",
                        "was a position and is a transition RW"),
                edit(
                        SESSION,
                        node -> ((ArrayNode) node.get("messages")).remove(4),
                        "events/session-takeover.json is no longer told there RW",
                        NOBODY),
                edit(
                        SESSION,
                        node -> ((ArrayNode) node.get("listeners")).remove(0),
                        "node may no longer listen R",
                        NOBODY),
                edit(
                        "keys/robot-state.json",
                        node -> ((ArrayNode) node.get("writers")).remove(0),
                        "robot may no longer write it W",
                        NOBODY),
                edit(
                        "keys/stroke-history.json",
                        node -> ((ObjectNode) node.at("/readers/0")).put("role", "robot"),
                        "node may no longer read it R",
                        NOBODY),
                edit(
                        "keys/index-nodes.json",
                        node -> ((ObjectNode) node.at("/writers/0"))
                                .putObject("own")
                                .put("node_id", "{node_id}"),
                        "node may no longer write it W",
                        NOBODY),
                edit(
                        "roles/server.json",
                        node -> node.withObject("/commands").remove("scan"),
                        "lost scan of its commands RW",
                        NOBODY),
                edit("roles/robot.json", node -> node.putArray("includes"), "lost ping of its commands RW", NOBODY),
                edit(
                        "types/category.json",
                        node -> node.put("pattern", "^[a-z]{1,9}$"),
                        "channels/error-events.json: pattern of category RW",
                        "channels/error-events.json: pattern of category RW"),
                edit(
                        "roles/node.json",
                        node -> node.put("scratch", "scratch_{node_id}"),
                        "its scratch doctor_{node_id} is another W",
                        "its scratch scratch_{node_id} is another W"),
                edit(
                        "roles/python.json",
                        node -> node.putObject("listens"),
                        "lost stroke:events:* of its listens RW",
                        NOBODY));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("edits")
    void bothWays(String file, Consumer<ObjectNode> edit, String broken, String brokenIfUndone) throws IOException {
        SchemaCopy before = new SchemaCopy(folder.resolve("before"));
        SchemaCopy after = new SchemaCopy(folder.resolve("after"));
        after.edit(file, edit);
        assertBreaks(Evolution.compare(before.read(), after.read()), broken);
        assertBreaks(Evolution.compare(after.read(), before.read()), brokenIfUndone);
    }

    /** @param expected words, and at the end R, W or RW: whom it breaks; empty: nobody */
    private static void assertBreaks(Changes changes, String expected) {
        if (expected.isEmpty()) {
            assertThat(changes.breakages()).isEmpty();
            return;
        }
        String whom = expected.substring(expected.lastIndexOf(' ') + 1);
        String what = expected.substring(0, expected.length() - whom.length()).strip();
        assertThat(changes.breakages()).anySatisfy(breakage -> {
            assertThat(breakage.where() + ": " + breakage.what()).contains(what);
            assertThat((breakage.readers() == null ? "" : "R") + (breakage.writers() == null ? "" : "W"))
                    .isEqualTo(whom);
        });
    }

    @Test
    void theSameBreaksNobody() throws IOException {
        Changes changes = Evolution.compare(
                new SchemaCopy(folder.resolve("a")).read(), new SchemaCopy(folder.resolve("b")).read());
        assertThat(changes.breakages()).isEmpty();
        assertThat(changes.additions()).isEmpty();
    }

    @Test
    void wordsBreakNobody() throws IOException {
        SchemaCopy after = new SchemaCopy(folder.resolve("after"));
        after.edit(ROBOT, field("joints_l", "description", "'Other words. Absent: not known.'"));
        Changes changes = Evolution.compare(new SchemaCopy(folder.resolve("before")).read(), after.read());
        assertThat(changes.breakages()).isEmpty();
        assertThat(changes.additions()).isEmpty();
    }

    @Test
    void aFieldIsAlsoRemovedFromTheEventThatCarriesIt() throws IOException {
        SchemaCopy after = new SchemaCopy(folder.resolve("after"));
        after.edit(PROGRESS, remove("offset_idx_l"));
        assertThat(Evolution.compare(new SchemaCopy(folder.resolve("before")).read(), after.read())
                        .breakages())
                .extracting(Breakage::where)
                .containsExactlyInAnyOrder(PROGRESS, "events/progress-update.json");
    }

    @Test
    void whatIsNewOrGoneAltogetherIsToldOnce() throws IOException {
        SchemaCopy before = new SchemaCopy(folder.resolve("before"));
        SchemaCopy after = new SchemaCopy(folder.resolve("after"));
        for (String file :
                new String[] {"keys/events-log.json", "channels/system-events.json", "events/custom-event.json"}) {
            after.delete(file);
        }
        after.edit("roles/server.json", node -> node.putObject("commands"));
        after.delete("roles/python.json");
        String broken = Evolution.compare(before.read(), after.read()).breakages().stream()
                .map(Breakage::toString)
                .collect(Collectors.joining("\n"));
        assertThat(broken)
                .contains(
                        "keys/events-log.json: the key was removed",
                        "channels/system-events.json: the channel was removed",
                        "events/custom-event.json: was removed",
                        "roles/python.json: the role was removed");
        Changes back = Evolution.compare(after.read(), before.read());
        assertThat(back.breakages()).isEmpty();
        assertThat(back.additions())
                .contains(
                        "  keys/events-log.json: the key is new",
                        "  channels/system-events.json: the channel is new",
                        "  events/custom-event.json: is new",
                        "  roles/python.json: the role is new");
    }

    @Test
    void aRightMayMoveToAnIncludedRole() throws IOException {
        SchemaCopy after = new SchemaCopy(folder.resolve("after"));
        after.edit("keys/index-sessions.json", node -> ((ObjectNode) node.at("/writers/0")).put("role", "node"));
        assertThat(Evolution.compare(new SchemaCopy(folder.resolve("before")).read(), after.read())
                        .breakages())
                .isEmpty();
    }

    private static Arguments edit(String file, Consumer<ObjectNode> edit, String broken, String brokenIfUndone) {
        return Arguments.of(file, edit, broken, brokenIfUndone);
    }

    private static Consumer<ObjectNode> remove(String field) {
        return node -> node.withObject("/properties").remove(field);
    }

    private static Consumer<ObjectNode> add(String field, String schema) {
        return node -> node.withObject("/properties")
                .set(field, json(schema).put("title", "Added").put("description", "Added. Absent: not known."));
    }

    private static Consumer<ObjectNode> field(String field, String keyword, String value) {
        return node -> {
            ObjectNode schema = node.withObject("/properties/" + field);
            if (keyword.equals("type") && value.equals("'integer'")) {
                schema.removeAll()
                        .put("title", "A")
                        .put("description", "A. Absent: 0.")
                        .put("default", 0);
            }
            schema.set(keyword, json("{'x': " + value + "}").get("x"));
        };
    }

    private static void asSet(ObjectNode key) {
        key.put("redis_type", "set").remove(List.of("fields", "max_length"));
    }

    private static Consumer<ObjectNode> reason(String... values) {
        return node -> {
            ArrayNode reasons = node.withObject("/properties/reason").putArray("enum");
            for (String value : values) {
                reasons.add(value);
            }
            reasons.addNull();
        };
    }

    private static ObjectNode json(String singleQuoted) {
        try {
            return SchemaCopy.json(singleQuoted);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
