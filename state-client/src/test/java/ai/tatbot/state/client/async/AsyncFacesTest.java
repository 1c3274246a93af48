package ai.tatbot.state.client.async;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StrokeSession;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Both faces have the same operations: what is added to one must be added to the other, or excused here. */
class AsyncFacesTest {
    private static final String FOLLOWING =
            "does not block; its callbacks have a thread of their own (docs/decisions/0014-async.md)";

    /** What only the blocking face has, and why. */
    private static final Map<String, String> ONLY_BLOCKING = Map.of(
            "watch(ai.tatbot.state.client.WatchScope)", FOLLOWING,
            "mirror()", FOLLOWING,
            "mirror(ai.tatbot.state.client.WatchScope)", FOLLOWING,
            "subscribe(ai.tatbot.state.model.Channel<E>, java.util.function.Consumer<? super E>)", FOLLOWING,
            "subscribe(ai.tatbot.state.model.ChannelKind<E>, java.util.function.Consumer<? super E>)", FOLLOWING,
            "subscribeRaw(java.util.Collection<java.lang.String>, ai.tatbot.state.client.RawListener)", FOLLOWING,
            "publisher()", "never blocks");

    /** What only the asynchronous face has, and why. */
    private static final Map<String, String> ONLY_ASYNC = Map.of(
            "connect(ai.tatbot.state.client.StateOptions, ai.tatbot.state.client.async.AsyncOptions)",
                    "its own options",
            "create(ai.tatbot.state.client.StateOptions, ai.tatbot.state.client.async.AsyncOptions)", "its own options",
            "inFlight()", "only there calls are under way");

    /** What asks nothing of Redis, or ends everything, and so is no stage. */
    private static final Set<String> AS_THEY_ARE = Set.of(
            "options()",
            "nodeId()",
            "toString()",
            "create(ai.tatbot.state.client.StateOptions)",
            "StateManager.close()",
            "id()",
            "progress()",
            "revision()",
            "isRunning()",
            "lost()");

    @Test
    void managers() {
        assertEqual(StateManager.class, AsyncStateManager.class);
    }

    @Test
    void sessions() {
        assertEqual(StrokeSession.class, AsyncStrokeSession.class);
    }

    @Test
    void everyExcuseIsNeeded() {
        Set<String> blocking = signatures(StateManager.class).keySet();
        Set<String> async = signatures(AsyncStateManager.class).keySet();
        assertThat(blocking).containsAll(ONLY_BLOCKING.keySet()).doesNotContainAnyElementsOf(ONLY_ASYNC.keySet());
        assertThat(async).containsAll(ONLY_ASYNC.keySet()).doesNotContainAnyElementsOf(ONLY_BLOCKING.keySet());
    }

    private static void assertEqual(Class<?> blocking, Class<?> async) {
        Map<String, Method> there = signatures(blocking);
        Map<String, Method> here = signatures(async);
        Set<String> missing = new TreeSet<>(there.keySet());
        missing.removeAll(here.keySet());
        missing.removeAll(ONLY_BLOCKING.keySet());
        assertThat(missing).as("only in " + blocking).isEmpty();
        Set<String> more = new TreeSet<>(here.keySet());
        more.removeAll(there.keySet());
        more.removeAll(ONLY_ASYNC.keySet());
        assertThat(more).as("only in " + async).isEmpty();
        there.forEach((signature, method) -> {
            Method other = here.get(signature);
            if (other != null) {
                assertThat(Modifier.isStatic(other.getModifiers())).isEqualTo(Modifier.isStatic(method.getModifiers()));
                assertThat(other.getGenericReturnType().getTypeName())
                        .as(signature + " of " + async.getSimpleName())
                        .isEqualTo(expected(blocking, signature, method));
            }
        });
    }

    private static String expected(Class<?> blocking, String signature, Method method) {
        String type = boxed(method.getGenericReturnType())
                .replace(StrokeSession.class.getName(), AsyncStrokeSession.class.getName())
                .replace(StateManager.class.getName(), AsyncStateManager.class.getName());
        boolean asItIs =
                AS_THEY_ARE.contains(signature) || AS_THEY_ARE.contains(blocking.getSimpleName() + "." + signature);
        if (!asItIs) {
            return CompletionStage.class.getName() + "<" + type + ">";
        }
        return method.getReturnType().isPrimitive() ? method.getReturnType().getName() : type;
    }

    private static String boxed(Type type) {
        return switch (type.getTypeName()) {
            case "void" -> Void.class.getName();
            case "long" -> Long.class.getName();
            case "int" -> Integer.class.getName();
            case "boolean" -> Boolean.class.getName();
            default -> type.getTypeName();
        };
    }

    private static Map<String, Method> signatures(Class<?> type) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .collect(Collectors.toMap(AsyncFacesTest::signature, method -> method));
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getGenericParameterTypes())
                        .map(Type::getTypeName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
