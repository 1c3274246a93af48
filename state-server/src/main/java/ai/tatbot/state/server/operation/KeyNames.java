package ai.tatbot.state.server.operation;

import ai.tatbot.state.client.Mirrored;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.Shown;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.server.operation.OperationException.Code;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Names by which callers ask for keys: those of the schema, and short ones for what is in hand at the moment. */
final class KeyNames {
    /** The session that is executing now. */
    static final String CURRENT_PROGRESS = "stroke:progress";

    /** The robot of that session; without one, the only robot. */
    static final String CURRENT_ROBOT = "robot:state";

    /** The history of that session. */
    static final String CURRENT_HISTORY = "stream:stroke_history";

    private final StateMirror mirror;

    KeyNames(StateMirror mirror) {
        this.mirror = mirror;
    }

    /**
     * The key of this name; empty if it is an alias of something that is not there now.
     *
     * @throws OperationException INVALID_KEY if it is no name
     */
    Optional<Key<?>> find(String name) {
        Optional<Key<?>> key = Keys.parse(name).map(found -> found);
        if (key.isPresent()) {
            return key;
        }
        Optional<Mirrored<StrokeProgress>> session = mirror.currentSession();
        return switch (name) {
            case CURRENT_PROGRESS -> session.map(Mirrored::key);
            case CURRENT_HISTORY -> session.map(s -> Keys.strokeHistory(s.key().id()));
            case CURRENT_ROBOT ->
                session.<Key<?>>map(s -> Keys.robotState(s.value().nodeId())).or(this::onlyRobot);
            default ->
                throw new OperationException(
                        Code.INVALID_KEY,
                        Shown.text(name) + " is no key; allowed are " + templates() + ", and for what is in hand now "
                                + CURRENT_PROGRESS + ", " + CURRENT_ROBOT + ", " + CURRENT_HISTORY);
        };
    }

    private Optional<Key<?>> onlyRobot() {
        List<? extends Mirrored<?>> robots = mirror.all(Keys.ROBOT_STATE);
        return robots.size() == 1 ? Optional.of(robots.get(0).key()) : Optional.empty();
    }

    /** Which kind an alias stands for. */
    static KeyKind<?> kindOf(String alias) {
        return switch (alias) {
            case CURRENT_PROGRESS -> Keys.STROKE_PROGRESS;
            case CURRENT_ROBOT -> Keys.ROBOT_STATE;
            default -> Keys.STROKE_HISTORY;
        };
    }

    /** @throws OperationException INVALID_ARGUMENT if it is no kind of document */
    static KeyKind<? extends Document> documentKind(String name) {
        return documentKinds().stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new OperationException(
                        Code.INVALID_ARGUMENT,
                        "kind " + Shown.text(name) + " is none; allowed are "
                                + documentKinds().stream().map(KeyKind::name).collect(Collectors.joining(", "))));
    }

    @SuppressWarnings("unchecked") // a kind with a document field is a kind of documents
    static List<KeyKind<? extends Document>> documentKinds() {
        return Keys.all().stream()
                .filter(kind -> kind.documentField().isPresent())
                .<KeyKind<? extends Document>>map(kind -> (KeyKind<? extends Document>) kind)
                .toList();
    }

    private static String templates() {
        return Keys.all().stream().map(KeyKind::template).sorted().collect(Collectors.joining(", "));
    }
}
