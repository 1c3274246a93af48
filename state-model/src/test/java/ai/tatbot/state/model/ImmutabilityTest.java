package ai.tatbot.state.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImmutabilityTest {
    private static final Instant TIME = Instant.parse("2025-08-18T20:09:37.123456Z");

    static List<ModelClass> classes() {
        return ModelClass.all();
    }

    @ParameterizedTest
    @MethodSource("classes")
    void everythingIsFinal(ModelClass model) {
        assertThat(Modifier.isFinal(model.type().getModifiers())).isTrue();
        assertThat(model.type().getConstructors()).isEmpty();
        assertThat(ownFields(model.type())).isNotEmpty().allMatch(field -> Modifier.isFinal(field.getModifiers()));
        assertThat(ownFields(model.type()))
                .filteredOn(field -> !Modifier.isStatic(field.getModifiers()))
                .allMatch(field -> Modifier.isPrivate(field.getModifiers()));
        assertThat(model.type().getDeclaredMethods())
                .filteredOn(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filteredOn(method -> method.getParameterCount() > 0)
                .extracting(Method::getName)
                .containsExactlyInAnyOrder("encode", "equals", "writeTo");
    }

    /** JaCoCo adds a field of its own while tests run. */
    private static List<Field> ownFields(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> !field.isSynthetic())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("classes")
    void equalsByValue(ModelClass model) {
        JsonWritable value = model.read(model.whole());
        JsonWritable same = model.read(model.whole());
        assertThat(value)
                .isEqualTo(same)
                .hasSameHashCodeAs(same)
                .isNotEqualTo(null)
                .isNotEqualTo("text")
                .hasToString(model.type().getSimpleName() + StateJson.text(value));
        for (ModelClass.Field field : model.fields()) {
            if (!field.required()) {
                assertThat(model.read(model.without(field))).as(field.name()).isNotEqualTo(value);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("classes")
    void builderOfValueBuildsItsEqual(ModelClass model) {
        JsonWritable value = model.read(model.whole());
        Object builder = requireNonNull(ModelClass.call(value, "toBuilder"));
        Object first = ModelClass.call(builder, "build");
        Object second = ModelClass.call(builder, "build");
        assertThat(first).isEqualTo(value).isNotSameAs(value);
        assertThat(second).isEqualTo(value).isNotSameAs(first);
    }

    @Test
    void builderMayBeUsedAgain() {
        RobotState.Builder builder =
                RobotState.builder().nodeId("hog").timestamp(TIME).currentPose("ready");
        RobotState ready = builder.build();
        RobotState sleep = builder.currentPose("sleep").build();
        assertThat(ready.currentPose()).isEqualTo("ready");
        assertThat(sleep.currentPose()).isEqualTo("sleep");
        assertThat(ready.toBuilder().currentPose("sleep").build()).isEqualTo(sleep);
    }

    @Test
    void timeThatWasNotGivenIsThatOfEachBuild() {
        RobotState.Builder builder = RobotState.builder().nodeId("hog");
        Instant before = WireTime.now();
        RobotState first = builder.build();
        while (!WireTime.now().isAfter(first.timestamp())) {
            Thread.onSpinWait();
        }
        RobotState second = builder.build();
        assertThat(first.timestamp()).isBetween(before, WireTime.now());
        assertThat(second.timestamp()).isAfter(first.timestamp());
    }

    @Test
    void listsAreCopied() {
        List<Double> joints = new ArrayList<>(List.of(0.5, 1.5));
        RobotState.Builder builder = RobotState.builder().nodeId("hog").jointsL(joints);
        RobotState state = builder.build();
        joints.set(0, 9.0);
        joints.clear();
        assertThat(state.jointsL()).containsExactly(0.5, 1.5);
        List<Double> kept = requireNonNull(state.jointsL());
        assertThatThrownBy(() -> kept.add(1.0)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> kept.set(0, 1.0)).isInstanceOf(UnsupportedOperationException.class);
        StateUpdate update = StateUpdate.builder().from(state).build();
        assertThat(update.jointsL()).containsExactly(0.5, 1.5);
    }

    @Test
    void openObjectsAreCopiedAllTheWayDown() {
        Map<String, @Nullable Object> inner = new HashMap<>(Map.of("ml", 0.4));
        List<@Nullable Object> list = new ArrayList<>(List.of("a", inner));
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("list", list);
        details.put("inner", inner);
        details.put("nothing", null);
        ErrorReport report = report(details);
        String before = report.toString();
        inner.put("ml", 9);
        list.clear();
        details.clear();
        assertThat(report).hasToString(before);
        isUnmodifiable(report);
    }

    @Test
    void openObjectsThatWereReadAreUnmodifiableToo() {
        Map<String, Object> details = Map.of("inner", Map.of("ml", 0.4), "list", List.of("a", Map.of("ml", 0.4)));
        isUnmodifiable(StateJson.read(StateJson.write(report(details)), ErrorReport.JSON));
    }

    private static void isUnmodifiable(ErrorReport report) {
        Map<String, Object> details = requireNonNull(report.details());
        assertThatThrownBy(() -> details.put("a", 1)).isInstanceOf(UnsupportedOperationException.class);
        Map<?, ?> inner = (Map<?, ?>) requireNonNull(details.get("inner"));
        assertThatThrownBy(inner::clear).isInstanceOf(UnsupportedOperationException.class);
        List<?> list = (List<?>) requireNonNull(details.get("list"));
        assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class);
        Map<?, ?> innermost = (Map<?, ?>) list.get(1);
        assertThatThrownBy(innermost::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    private static ErrorReport report(Map<String, Object> details) {
        return ErrorReport.builder()
                .nodeId("hog")
                .timestamp(TIME)
                .category("robot")
                .message("failed")
                .details(details)
                .build();
    }
}
