package ai.tatbot.state.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class KeysTest {
    static List<KeyKind<?>> kinds() {
        return Keys.all();
    }

    @Test
    void factoriesNameWhatNodesReadAndWrite() {
        assertThat(Keys.robotState("hog")).hasToString("robot:state:hog");
        assertThat(Keys.strokeProgress("stroke_hog_1755547777")).hasToString("stroke:progress:stroke_hog_1755547777");
        assertThat(Keys.nodeHealth("rpi1")).hasToString("node:health:rpi1");
        assertThat(Keys.liveness("hog")).hasToString("liveness:hog");
        assertThat(Keys.strokeHistory("s")).hasToString("stream:stroke_history:s");
        assertThat(Keys.eventsLog()).hasToString("events:log");
        assertThat(Keys.indexNodes()).hasToString("index:nodes");
        assertThat(Keys.indexSessions()).hasToString("index:sessions");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void kindSaysWhatTheSchemaSays(KeyKind<?> kind) {
        JsonNode schema = SchemaFiles.read("keys/" + kind.name().replace('_', '-') + ".json");
        assertThat(kind).hasToString(schema.path("template").asString());
        assertThat(kind.template()).isEqualTo(kind.toString());
        assertThat(kind.parameterNames())
                .containsExactlyElementsOf(schema.path("parameters").propertyNames());
        assertThat(kind.redisType().name().toLowerCase(Locale.ROOT))
                .isEqualTo(schema.path("redis_type").asString());
        assertThat(kind.documentField())
                .isEqualTo(Optional.ofNullable(schema.path("document").get("field"))
                        .map(JsonNode::asString));
        assertThat(kind.documentType().map(type -> type.javaClass().getSimpleName()))
                .isEqualTo(Optional.ofNullable(schema.at("/document/schema").get("$ref"))
                        .map(ref -> SchemaFiles.pascal(ref.asString().replaceAll(".*/|[.]json", ""))));
        assertThat(kind.ttl())
                .isEqualTo(Optional.ofNullable(schema.get("ttl_seconds")).map(ttl -> Duration.ofSeconds(ttl.asLong())));
        assertThat(kind.maxLength())
                .isEqualTo(
                        schema.has("max_length")
                                ? OptionalLong.of(schema.path("max_length").asLong())
                                : OptionalLong.empty());
        assertThat(kind.index().map(KeyKind::name))
                .isEqualTo(Optional.ofNullable(schema.get("index")).map(JsonNode::asString));
        assertThat(kind.pattern()).isEqualTo(schema.path("template").asString().replaceAll("[{][^}]*}", "*"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nameIsParsedBack(KeyKind<?> kind) {
        String[] ids =
                kind.parameterNames().stream().map(name -> "eek-2.local_1").toArray(String[]::new);
        Key<?> key = kind.of(ids);
        assertThat(key.ids()).containsExactly(ids);
        assertThat(Keys.parse(key.name())).contains(key);
        assertThat(Keys.parse(key.name()).orElseThrow().kind()).isSameAs(kind);
        assertThat(Keys.all())
                .filteredOn(other -> other.parse(key.name()).isPresent())
                .hasSize(1);
        assertThat(kind.parse(key.name() + "\n")).isEmpty();
        assertThat(kind.parse(" " + key.name())).isEmpty();
        assertThat(kind.parse("{fleet}:" + key.name())).isEmpty();
        assertThat(key).isEqualTo(kind.of(ids)).hasSameHashCodeAs(kind.of(ids)).isNotEqualTo(key.name());
    }

    @Test
    void ids() {
        assertThat(Keys.robotState("hog").id()).isEqualTo("hog");
        assertThatThrownBy(() -> Keys.eventsLog().id())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("events:log has no id");
        assertThatThrownBy(() -> Keys.ROBOT_STATE.of())
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("robot:state:{node_id} takes 1 ids, got 0");
        assertThatThrownBy(() -> Keys.ROBOT_STATE.of("hog", "ook")).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> Keys.EVENTS_LOG.of("hog")).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> Keys.indexNamed("robot_state")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Keys.all().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Keys.robotState("hog").ids().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void versionedDocument() {
        RobotState state = RobotState.builder().nodeId("hog").build();
        Versioned<RobotState> known = new Versioned<>(Keys.robotState("hog"), state, 5L, state.timestamp());
        Versioned<RobotState> foreign = new Versioned<>(Keys.robotState("hog"), state, null, state.timestamp());
        assertThat(known.revision()).hasValue(5);
        assertThat(foreign.revision()).isEmpty();
        assertThat(known.age(state.timestamp().plusSeconds(3))).isEqualTo(Duration.ofSeconds(3));
        assertThat(known.age(state.timestamp().minusSeconds(3))).isEqualTo(Duration.ZERO);
    }
}
