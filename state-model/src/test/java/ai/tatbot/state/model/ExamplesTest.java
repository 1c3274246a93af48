package ai.tatbot.state.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.model.ModelClass.Field;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The examples of the schema, read by the generated classes. */
class ExamplesTest {
    /** Words in names of examples, and the beginnings of the fields that they mean, where these differ. */
    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("time-", "timestamp"),
            Map.entry("heartbeat", "last_heartbeat"),
            Map.entry("port", "mcp_port"),
            Map.entry("version", "software_version"),
            Map.entry("reachable", "is_reachable"),
            Map.entry("connected", "is_connected"),
            Map.entry("joint-", "joints"),
            Map.entry("pose", "pose_idx|current_pose"),
            Map.entry("dataset", "dataset_name"),
            Map.entry("executing", "is_executing"),
            Map.entry("paused", "is_paused"),
            Map.entry("description", "stroke_description|description"),
            Map.entry("progress-of-another-tool", "session_id"),
            Map.entry("not-an-object", "expected a JSON object"));

    static Stream<String> validExamples() {
        return examples("valid");
    }

    static Stream<String> invalidExamples() {
        return examples("invalid");
    }

    private static Stream<String> examples(String verdict) {
        return ModelClass.all().stream().map(ModelClass::toString).flatMap(type -> namesOf(type + "/" + verdict));
    }

    private static Stream<String> namesOf(String folder) {
        return SchemaFiles.in("examples/" + folder).stream().map(name -> folder + "/" + name);
    }

    @ParameterizedTest
    @MethodSource("validExamples")
    void validIsReadAndWrittenAgain(String example) {
        ModelClass model = modelOf(example);
        byte[] json = SchemaFiles.bytes("examples/" + example + ".json");
        JsonWritable value = model.read(json);
        byte[] written = StateJson.write(value);
        JsonNode before = SchemaFiles.parse(json);
        JsonNode after = SchemaFiles.parse(written);
        for (Field field : model.fields()) {
            JsonNode expected = before.path(field.name());
            if (expected.isMissingNode() || expected.isNull()) {
                expected = field.defaultValue();
            }
            assertThat(comparable(field, after.get(field.name())))
                    .as(field.name())
                    .isEqualTo(comparable(field, expected));
        }
        assertThat(after.propertyNames())
                .isSubsetOf(model.fields().stream().map(Field::name).toList());
        assertThat(model.read(written))
                .isEqualTo(value)
                .hasSameHashCodeAs(value)
                .hasToString(value.toString());
        assertThat(StateJson.write(model.read(written))).isEqualTo(written);
    }

    @ParameterizedTest
    @MethodSource("invalidExamples")
    void invalidIsRefusedAndTheFieldNamed(String example) {
        ModelClass model = modelOf(example);
        byte[] json = SchemaFiles.bytes("examples/" + example + ".json");
        String name = example.substring(example.lastIndexOf('/') + 1);
        assertThatThrownBy(() -> model.read(json))
                .isInstanceOf(InvalidValueException.class)
                .message()
                .matches("(?s)(" + beginning(name) + ").*");
    }

    static Stream<String> keyExamples() {
        return SchemaFiles.in("keys").stream()
                .flatMap(file ->
                        Stream.of("valid", "invalid").flatMap(verdict -> namesOf("keys/" + file + "/" + verdict)));
    }

    @ParameterizedTest
    @MethodSource("keyExamples")
    void keys(String example) {
        JsonNode json = SchemaFiles.read("examples/" + example + ".json");
        String name = json.path("key").asString();
        if (example.contains("/invalid/")) {
            assertThat(Keys.parse(name)).isEmpty();
            return;
        }
        Key<?> key = Keys.parse(name).orElseThrow();
        assertThat(key.kind().name()).isEqualTo(SchemaFiles.part(example, 1).replace('-', '_'));
        assertThat(key.ids()).isEqualTo(texts(json.path("parameters")));
        assertThat(key.kind().parameterNames())
                .containsExactlyElementsOf(json.path("parameters").propertyNames());
        assertThat(key.name()).isEqualTo(name);
    }

    static Stream<String> channelExamples() {
        return SchemaFiles.in("channels").stream()
                .flatMap(file ->
                        Stream.of("valid", "invalid").flatMap(verdict -> namesOf("channels/" + file + "/" + verdict)));
    }

    @ParameterizedTest
    @MethodSource("channelExamples")
    void channels(String example) {
        JsonNode json = SchemaFiles.read("examples/" + example + ".json");
        String name = json.path("channel").asString();
        if (example.contains("/channel-")) {
            assertThat(Channels.parse(name)).isEmpty();
            return;
        }
        Channel<? extends Event> channel = Channels.parse(name).orElseThrow();
        assertThat(channel.kind().name()).isEqualTo(SchemaFiles.part(example, 1).replace('-', '_'));
        byte[] event = SchemaFiles.MAPPER.writeValueAsBytes(json.path("event"));
        if (example.contains("/valid/")) {
            Event read = channel.kind().read(event);
            assertThat(read.type()).isEqualTo(json.path("event").path("type").asString());
            assertThat(channel.kind().read(StateJson.write(read))).isEqualTo(read);
        } else {
            assertThatThrownBy(() -> channel.kind().read(event)).isInstanceOf(InvalidValueException.class);
        }
    }

    private static ModelClass modelOf(String example) {
        return ModelClass.of(SchemaFiles.part(example, 0), SchemaFiles.part(example, 1));
    }

    /** Beginning of the message that an invalid example is to have, as a regular expression. */
    private static String beginning(String name) {
        return MEANINGS.entrySet().stream()
                .filter(entry -> name.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> name.replaceFirst("-.*", ""));
    }

    private static List<String> texts(JsonNode object) {
        return object.valueStream().map(JsonNode::asString).toList();
    }

    /** Value of a field, whatever form of it is written: with or without offset, 5 or 5.0. */
    private static @Nullable Object comparable(Field field, @Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        if (field.isTime()) {
            return WireTime.parse(value.asString());
        }
        if (value.isNumber()) {
            return value.asDouble();
        }
        return value.isArray()
                ? value.valueStream().map(item -> comparable(field, item)).toList()
                : value;
    }
}
