package ai.tatbot.state.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ChannelsTest {
    static List<ChannelKind<? extends Event>> kinds() {
        return Channels.all();
    }

    @Test
    void namesAreThoseThatNodesListenTo() {
        assertThat(Channels.STROKE_PROGRESS).hasToString("stroke:events:progress");
        assertThat(Channels.STROKE_SESSION).hasToString("stroke:events:session");
        assertThat(Channels.ROBOT_EVENTS).hasToString("robot:events");
        assertThat(Channels.nodeEvents("hog")).hasToString("node:events:hog");
        assertThat(Channels.errorEvents("robot")).hasToString("error:events:robot");
        assertThat(Channels.SYSTEM_EVENTS).hasToString("system:events");
        assertThat(Channels.NODE_EVENTS.pattern()).isEqualTo("node:events:*");
        assertThat(Channels.STROKE_PROGRESS.kind().pattern()).isEqualTo("stroke:events:progress");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void kindSaysWhatTheSchemaSays(ChannelKind<? extends Event> kind) {
        JsonNode schema = SchemaFiles.read("channels/" + kind.name().replace('_', '-') + ".json");
        assertThat(kind).hasToString(schema.path("template").asString());
        assertThat(kind.template()).isEqualTo(kind.toString());
        assertThat(kind.parameterNames())
                .containsExactlyElementsOf(schema.path("parameters").propertyNames());
        List<String> expected = new ArrayList<>();
        for (JsonNode message : schema.path("messages")) {
            String event = message.at("/payload/$ref").asString().substring("../".length());
            expected.add(SchemaFiles.read(event).at("/properties/type/const").asString("null")
                    + " " + message.path("class").asString()
                    + " " + SchemaFiles.pascal(event.replaceAll(".*/|[.]json", "")));
        }
        assertThat(kind.eventTypes())
                .extracting(type -> type.type() + " " + type.eventClass().name().toLowerCase(Locale.ROOT) + " "
                        + type.json().javaClass().getSimpleName())
                .containsExactlyElementsOf(expected);
        assertThat(kind.eventTypes())
                .allMatch(type -> kind.eventClass().isAssignableFrom(type.json().javaClass()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nameIsParsedBack(ChannelKind<? extends Event> kind) {
        String[] ids =
                kind.parameterNames().stream().map(name -> "eek-2.local_1").toArray(String[]::new);
        Channel<? extends Event> channel = kind.of(ids);
        assertThat(channel.ids()).containsExactly(ids);
        assertThat(Channels.parse(channel.name())).hasValueSatisfying(parsed -> {
            assertThat(parsed.name()).isEqualTo(channel.name());
            assertThat(parsed.kind()).isSameAs(kind);
            assertThat(parsed.ids()).isEqualTo(channel.ids());
            assertThat((Object) parsed).isEqualTo(channel).hasSameHashCodeAs(channel);
        });
        assertThat(kind.parse(channel.name() + "\n")).isEmpty();
        assertThat(Channels.parse("x" + channel.name())).isEmpty();
        assertThatThrownBy(() -> Channels.all().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void typeDecidesTheClass() {
        NodeEvent read = Channels.NODE_EVENTS.read(json("offline"));
        assertThat(read).isInstanceOf(NodeOffline.class);
        assertThat(Channels.NODE_EVENTS.read(json("silent"))).isInstanceOf(NodeSilent.class);
        assertThat(Channels.NODE_EVENTS.eventType("health_update").eventClass()).isEqualTo(EventClass.POSITION);
        assertThat(Channels.SYSTEM_EVENTS.kind().read(json("offline"))).isInstanceOf(CustomEvent.class);
        assertThatThrownBy(() -> Channels.NODE_EVENTS.read(json("ink_low")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("type must be one of health_update, online, offline, restarted, silent on "
                        + "node:events:{node_id}, was \"ink_low\"");
    }

    @Test
    void classRefusesTheTypeOfAnother() {
        assertThatThrownBy(() -> StateJson.read(json("offline"), NodeOnline.JSON))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("type must be \"online\", was \"offline\"");
    }

    @Test
    void progressOfAnotherToolIsRefused() {
        String json = "{\"type\":\"progress_update\",\"timestamp\":\"2025-08-18T20:09:37.123456\",\"node_id\":\"hog\","
                + "\"stroke_idx\":0,\"pose_idx\":40}";
        assertThatThrownBy(() -> Channels.STROKE_PROGRESS.kind().read(json.getBytes(UTF_8)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("session_id is required");
    }

    private static byte[] json(String type) {
        return ("{\"timestamp\":\"2025-08-18T20:09:37.123456\",\"node_id\":\"hog\",\"type\":\"" + type + "\"}")
                .getBytes(UTF_8);
    }
}
