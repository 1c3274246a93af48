package ai.tatbot.state.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.model.ModelClass.Field;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Older and newer nodes in one fleet: what each field reads when it is absent, null, unknown, or of another form. */
class EvolutionTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    static List<ModelClass> classes() {
        return ModelClass.all();
    }

    static Stream<Arguments> optionalFields() {
        return fields(field -> !field.required());
    }

    static Stream<Arguments> requiredFields() {
        return fields(Field::required);
    }

    static Stream<Arguments> integers() {
        return fields(field -> field.type().equals("integer"));
    }

    static Stream<Arguments> numbers() {
        return fields(field -> field.type().equals("number"));
    }

    static Stream<Arguments> lists() {
        return fields(field -> field.type().equals("array"));
    }

    static Stream<Arguments> times() {
        return fields(Field::isTime);
    }

    private static Stream<Arguments> fields(Predicate<Field> filter) {
        return classes().stream()
                .flatMap(model -> model.fields().stream().filter(filter).map(field -> Arguments.of(model, field)));
    }

    @ParameterizedTest
    @MethodSource("classes")
    void wholeIsWrittenAsRead(ModelClass model) {
        JsonNode written = SchemaFiles.parse(StateJson.write(model.read(model.whole())));
        assertThat(written.propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        model.fields().stream().map(Field::name).toList());
        assertThat(model.read(written)).isEqualTo(model.read(model.whole()));
    }

    @ParameterizedTest
    @MethodSource("optionalFields")
    void absentReadsDefaultElseNull(ModelClass model, Field field) {
        Object value = model.get(model.read(model.without(field)), field);
        assertThat(value).isEqualTo(plain(field));
        assertThat(model.get(model.read(model.whole()), field)).isNotEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("optionalFields")
    void nullReadsAsAbsentWhereTheSchemaHasIt(ModelClass model, Field field) {
        ObjectNode json = model.with(field, NODES.nullNode());
        if (field.takesNull()) {
            assertThat(model.read(json)).isEqualTo(model.read(model.without(field)));
        } else {
            refusesNull(model, field, json);
        }
    }

    private static void refusesNull(ModelClass model, Field field, ObjectNode json) {
        assertThatThrownBy(() -> model.read(json))
                .isInstanceOf(InvalidValueException.class)
                .message()
                .matches(field.name() + " must be .+, was null");
    }

    @ParameterizedTest
    @MethodSource("optionalFields")
    void nullIsNotWritten(ModelClass model, Field field) {
        JsonNode written = SchemaFiles.parse(StateJson.write(model.read(model.without(field))));
        assertThat(written.has(field.name())).isEqualTo(field.defaultValue() != null);
        assertThat(written.valueStream()).noneMatch(JsonNode::isNull);
    }

    @ParameterizedTest
    @MethodSource("requiredFields")
    void requiredIsNeitherAbsentNorNull(ModelClass model, Field field) {
        assertThatThrownBy(() -> model.read(model.without(field)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(field.name() + " is required");
        refusesNull(model, field, model.with(field, NODES.nullNode()));
    }

    @ParameterizedTest
    @MethodSource("classes")
    void unknownFieldsArePassedOver(ModelClass model) {
        ObjectNode json = NODES.objectNode();
        json.put("firmware", "2.1.0").putNull("nothing").put("camelCase", 1e300);
        json.putObject("nested")
                .put("node_id", "::")
                .putArray("type")
                .addObject()
                .put("timestamp", 5);
        json.setAll(model.whole());
        json.putArray("last").add(1).addArray().add("[{");
        assertThat(model.read(json)).isEqualTo(model.read(model.whole()));
    }

    @ParameterizedTest
    @MethodSource("integers")
    void wholeFloatIsInteger(ModelClass model, Field field) {
        JsonNode sample = field.sample();
        JsonWritable expected = model.read(model.with(field, sample));
        assertThat(model.read(raw(model, field, sample.asInt() + ".0"))).isEqualTo(expected);
        assertThat(model.read(raw(model, field, sample.asInt() + "00e-2"))).isEqualTo(expected);
        for (String refused : new String[] {"5.5", "1e400", "123456789012345678901234567890", "\"5\"", "true", "[5]"}) {
            assertThatThrownBy(() -> model.read(raw(model, field, refused)))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageStartingWith(field.name() + " must be ");
        }
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void integerIsNumber(ModelClass model, Field field) {
        assertThat(model.read(raw(model, field, "9"))).isEqualTo(model.read(raw(model, field, "9.0")));
        for (String refused : new String[] {"1e400", "-1e400", "\"9\"", "false", "{}"}) {
            assertThatThrownBy(() -> model.read(raw(model, field, refused)))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageStartingWith(field.name() + " must be ");
        }
    }

    @ParameterizedTest
    @MethodSource("lists")
    void listIsBounded(ModelClass model, Field field) {
        assertThat(model.read(raw(model, field, "[1, 2.0, -3]")))
                .isEqualTo(model.read(raw(model, field, "[1.0, 2, -3]")));
        int most = field.schema().path("maxItems").asInt();
        assertThat(model.get(model.read(raw(model, field, zeros(most))), field))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(most);
        for (String refused : new String[] {zeros(most + 1), "[1, null]", "[1, \"2\"]", "[[1]]", "[1e400]", "1"}) {
            assertThatThrownBy(() -> model.read(raw(model, field, refused)))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageStartingWith(field.name() + " must ");
        }
    }

    @ParameterizedTest
    @MethodSource("times")
    void timeWithAndWithoutOffset(ModelClass model, Field field) {
        Instant time = Instant.parse("2025-08-18T20:09:37.123456Z");
        for (String text : new String[] {
            "2025-08-18T20:09:37.123456",
            "2025-08-18T20:09:37.123456Z",
            "2025-08-18T20:09:37.123456789Z",
            "2025-08-18T22:09:37.123456+02:00",
            "2025-08-18T16:39:37.123456-03:30",
            "2025-08-18T20:09:37.123456+00:00"
        }) {
            JsonWritable read = model.read(model.with(field, NODES.stringNode(text)));
            assertThat(model.get(read, field)).as(text).isEqualTo(time);
            assertThat(SchemaFiles.parse(StateJson.write(read))
                            .path(field.name())
                            .asString())
                    .isEqualTo("2025-08-18T20:09:37.123456Z");
        }
        JsonWritable whole = model.read(model.with(field, NODES.stringNode("2025-08-18T20:09:37")));
        assertThat(SchemaFiles.parse(StateJson.write(whole)).path(field.name()).asString())
                .isEqualTo("2025-08-18T20:09:37.000000Z");
    }

    private static String zeros(int count) {
        return "[" + "0,".repeat(count - 1) + "0]";
    }

    /** The whole object as JSON, but with this text as the value of one field. */
    private static byte[] raw(ModelClass model, Field field, String value) {
        String json = model.with(field, NODES.stringNode("@@")).toString();
        return json.replace("\"@@\"", value).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** The default as the accessor returns it. */
    private static @Nullable Object plain(Field field) {
        JsonNode value = field.defaultValue();
        if (value == null) {
            return null;
        }
        return switch (field.type()) {
            case "boolean" -> value.asBoolean();
            case "integer" -> value.asInt();
            case "number" -> value.asDouble();
            default -> value.asString();
        };
    }
}
