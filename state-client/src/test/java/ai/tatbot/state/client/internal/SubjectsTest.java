package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.EventType;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StateJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every event of the schema that tells of a document is known to do so: a new one must not be forgotten. */
class SubjectsTest {
    /** Channels that tell of no document. */
    private static final Set<String> WITHOUT = Set.of("error_events", "system_events");

    @Test
    void everyEventHasTheSubjectOfItsChannel() {
        for (ChannelKind<? extends Event> channel : Channels.all()) {
            for (EventType<? extends Event> type : channel.eventTypes()) {
                Key<?> subject = Subjects.of(event(type));
                assertThat(subject == null).as(channel + " " + type.type()).isEqualTo(WITHOUT.contains(channel.name()));
                if (subject != null) {
                    assertThat(subject.id()).isEqualTo("x1");
                    assertThat(Subjects.channels(subject.kind()))
                            .as("%s", type.type())
                            .contains(channel);
                }
            }
        }
    }

    @Test
    void everyDocumentIsToldOfOnItsChannel() {
        List<? extends KeyKind<?>> documents = Keys.all().stream()
                .filter(kind -> kind.documentField().isPresent())
                .toList();
        assertThat(documents)
                .hasSize(3)
                .allSatisfy(kind -> assertThat(Subjects.channels(kind)).isNotEmpty());
    }

    /** With every field that any of them requires; the others are passed over. */
    private static Event event(EventType<? extends Event> type) {
        String json = "{\"type\":\"" + type.type() + "\",\"timestamp\":\"2025-08-18T20:09:37Z\",\"node_id\":\"x1\","
                + "\"session_id\":\"x1\",\"stroke_idx\":1,\"pose_idx\":2,\"fence\":2,\"arm\":\"l\",\"category\":\"c\","
                + "\"message\":\"m\",\"total_strokes\":1,\"scene_name\":\"s\",\"is_connected_l\":true,"
                + "\"is_connected_r\":true,\"current_pose\":\"ready\",\"cpu_percent\":1,\"memory_percent\":1,"
                + "\"last_heartbeat\":\"2025-08-18T20:09:37Z\"}";
        return StateJson.read(json.getBytes(StandardCharsets.UTF_8), type.json());
    }
}
