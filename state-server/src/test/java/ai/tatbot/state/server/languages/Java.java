package ai.tatbot.state.server.languages;

import ai.tatbot.state.client.Mirrored;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.JsonType;
import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.Versioned;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The client of this project. */
final class Java implements Language {
    private final StateManager state;
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private @Nullable StateMirror mirror;

    Java(StateManager state) {
        this.state = state;
    }

    @Override
    public String name() {
        return "Java";
    }

    private static byte[] bytes(ObjectNode document) {
        return Fields.JSON.writeValueAsString(document).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean accepts(String schema, ObjectNode document) {
        try {
            StateJson.read(bytes(document), type(schema));
            return true;
        } catch (InvalidValueException e) {
            return false;
        }
    }

    /** The generated class of a file: {@code models/robot-state} is {@code RobotState}. */
    @SuppressWarnings("unchecked")
    private static JsonType<? extends JsonWritable> type(String schema) {
        StringBuilder name = new StringBuilder("ai.tatbot.state.model.");
        for (String word : schema.substring(schema.indexOf('/') + 1).split("-", -1)) {
            name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        try {
            return (JsonType<? extends JsonWritable>)
                    Class.forName(name.toString()).getField("JSON").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Key<Document> key(String name) {
        for (KeyKind<?> kind : Keys.all()) {
            Optional<? extends Key<?>> key = kind.parse(name);
            if (key.isPresent() && kind.documentField().isPresent()) {
                return (Key<Document>) key.get();
            }
        }
        throw new IllegalArgumentException(name);
    }

    @Override
    public OptionalLong write(String name, ObjectNode document) {
        Key<Document> key = key(name);
        try {
            Document value = StateJson.read(
                    bytes(document), key.kind().<Document>documentType().orElseThrow());
            return OptionalLong.of(state.put(key, value, null, null));
        } catch (InvalidValueException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public Seen read(String key) {
        return seen(state.get(key(key)));
    }

    private static Seen seen(Optional<Versioned<Document>> stored) {
        return new Seen(
                stored.map(one -> (ObjectNode) Fields.JSON.readTree(StateJson.text((JsonWritable) one.value())))
                        .orElse(null),
                stored.map(Versioned::revision).orElse(OptionalLong.empty()));
    }

    @Override
    public void watch() {
        if (mirror != null) {
            mirror.close();
        }
        told.clear();
        StateMirror begun = state.mirror();
        begun.watch().listen(new WatchListener() {
            @Override
            public void onTransition(StateTransition transition) {
                told.add(transition.event().type());
            }
        });
        mirror = begun;
    }

    private StateMirror mirror() {
        StateMirror begun = mirror;
        if (begun == null) {
            throw new IllegalStateException("watch() first");
        }
        return begun;
    }

    @Override
    public Seen seen(String key) {
        return seen(mirror().get(key(key)).map(Mirrored::versioned));
    }

    @Override
    public boolean isLive() {
        return mirror().isLive();
    }

    @Override
    public List<String> transitions() {
        List<String> types = new ArrayList<>();
        told.drainTo(types);
        return types;
    }

    @Override
    public void close() {
        state.close();
    }
}
