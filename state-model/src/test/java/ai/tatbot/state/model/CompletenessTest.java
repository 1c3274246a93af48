package ai.tatbot.state.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing in the schema lacks its Java, and nothing in Java lacks its schema. */
class CompletenessTest {
    static List<ModelClass> classes() {
        return ModelClass.all();
    }

    @Test
    void everyModelAndEventHasClassAndTheOtherWayRound() throws Exception {
        Set<String> documents = new TreeSet<>();
        Set<String> events = new TreeSet<>();
        for (Class<?> type : classesOfThePackage()) {
            if (!type.isInterface() && Document.class.isAssignableFrom(type)) {
                documents.add(type.getSimpleName());
            }
            if (!type.isInterface() && Event.class.isAssignableFrom(type)) {
                events.add(type.getSimpleName());
            }
        }
        assertThat(documents).isEqualTo(classNames("models"));
        assertThat(events).isEqualTo(classNames("events"));
    }

    @Test
    void everyEnumIsThatOfField() throws Exception {
        Set<String> expected = classes().stream()
                .flatMap(type -> type.fields().stream()
                        .filter(field -> field.schema().has("enum"))
                        .map(field -> ModelClass.call(type.read(type.whole()), SchemaFiles.camel(field.name()))))
                .map(value -> value.getClass().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> handWritten = Set.of("EventClass", "RedisType");
        assertThat(classesOfThePackage())
                .filteredOn(Class::isEnum)
                .extracting(Class::getSimpleName)
                .filteredOn(name -> !handWritten.contains(name))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("classes")
    void everyFieldHasAccessorAndSetterAndTheOtherWayRound(ModelClass model) throws Exception {
        List<String> fields = model.fields().stream()
                .map(field -> SchemaFiles.camel(field.name()))
                .toList();
        assertThat(model.type().getDeclaredMethods())
                .filteredOn(
                        method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .filteredOn(method -> method.getParameterCount() == 0 && !method.isSynthetic())
                .extracting("name")
                .filteredOn(name -> !List.of("toString", "hashCode", "toBuilder", "document")
                        .contains(name))
                .containsExactlyInAnyOrderElementsOf(fields);
        List<String> settable = model.fields().stream()
                .filter(field -> !field.isConstant())
                .map(field -> SchemaFiles.camel(field.name()))
                .toList();
        assertThat(Class.forName(model.type().getName() + "$Builder").getDeclaredMethods())
                .filteredOn(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .extracting("name")
                .filteredOn(name -> !List.of("build", "from").contains(name))
                .containsExactlyInAnyOrderElementsOf(settable);
    }

    @Test
    void everyKeyHasConstantAndTheOtherWayRound() {
        assertThat(Keys.all()).extracting(KeyKind::name).containsExactlyInAnyOrderElementsOf(names("keys"));
        assertThat(Keys.class.getFields()).extracting("name").containsExactlyInAnyOrderElementsOf(constants("keys"));
    }

    @Test
    void everyChannelHasConstantAndTheOtherWayRound() {
        assertThat(Channels.all()).extracting(ChannelKind::name).containsExactlyInAnyOrderElementsOf(names("channels"));
        assertThat(Channels.class.getFields())
                .extracting("name")
                .containsExactlyInAnyOrderElementsOf(constants("channels"));
    }

    @Test
    void everyEventIsOnItsChannel() {
        Set<String> published = Channels.all().stream()
                .flatMap(kind -> kind.eventTypes().stream())
                .map(type -> type.json().javaClass().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(published).isEqualTo(classNames("events"));
    }

    private static Set<String> classNames(String folder) {
        return classes().stream()
                .filter(type -> type.folder().equals(folder))
                .map(type -> SchemaFiles.pascal(type.file()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> names(String folder) {
        return SchemaFiles.in(folder).stream()
                .map(file -> file.replace('-', '_'))
                .toList();
    }

    private static List<String> constants(String folder) {
        return names(folder).stream().map(name -> name.toUpperCase(Locale.ROOT)).toList();
    }

    private static List<Class<?>> classesOfThePackage() throws Exception {
        String location =
                Keys.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        File[] files = new File(location, "ai/tatbot/state/model").listFiles((folder, name) -> name.endsWith(".class"));
        assertThat(files).isNotEmpty();
        Stream<Class<?>> classes = Arrays.stream(files)
                .map(file -> file.getName().replace(".class", ""))
                .filter(name -> !name.contains("$") && !name.equals("package-info"))
                .map(name -> load("ai.tatbot.state.model." + name));
        return classes.toList();
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
