package ai.tatbot.state.server.languages;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.Mirrored;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.JsonType;
import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.model.WireTime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The client of this project. */
final class Java implements Language {
    private final StateManager state;
    private final BlockingQueue<JsonNode> transitions = new LinkedBlockingQueue<>();
    private final BlockingQueue<Learned> learned = new LinkedBlockingQueue<>();
    private @Nullable StateMirror mirror;
    private @Nullable StrokeSession session;

    Java(StateManager state) {
        this.state = state;
    }

    StateManager state() {
        return state;
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
        transitions.clear();
        learned.clear();
        StateMirror begun = state.mirror();
        begun.watch().listen(new WatchListener() {
            @Override
            public void onChange(StateChange<?> change) {
                learned.add(learned(change));
            }

            @Override
            public void onTransition(StateTransition transition) {
                transitions.add(json(transition.event()));
            }

            @Override
            public void onLost(LostTransitions lost) {
                transitions.add(json(lost));
            }
        });
        mirror = begun;
    }

    static Learned learned(StateChange<?> change) {
        Versioned<?> value = change.value();
        return new Learned(
                change.key().name(),
                value == null ? OptionalLong.empty() : value.revision(),
                change.cause().name().toLowerCase(Locale.ROOT));
    }

    static JsonNode json(Object value) {
        return Fields.JSON.readTree(StateJson.text((JsonWritable) value));
    }

    static JsonNode json(LostTransitions lost) {
        return Fields.JSON.createObjectNode().put("type", "lost").put("count", lost.count());
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
    public Told told() {
        return told(transitions, learned);
    }

    static Told told(BlockingQueue<JsonNode> transitions, BlockingQueue<Learned> learned) {
        Told told = new Told(new ArrayList<>(), new ArrayList<>());
        transitions.drainTo(told.transitions());
        learned.drainTo(told.learned());
        return told;
    }

    @Override
    public JsonNode ask(ObjectNode question) {
        try {
            return answer(question);
        } catch (StateException e) {
            return Fields.JSON
                    .createObjectNode()
                    .put("error", e.getMessage())
                    .put("reason", e.reason().name());
        }
    }

    private JsonNode answer(ObjectNode question) {
        ObjectNode answer = Fields.JSON.createObjectNode();
        String what = question.path("do").asString();
        switch (what) {
            case "start" -> {
                session = state.startStrokeSession(
                        question.path("total_strokes").asInt(),
                        question.path("stroke_length").asInt(),
                        question.path("scene_name").asString());
                answer.put("session_id", session().id());
            }
            case "take-over" -> {
                session = state.takeOverSession(question.path("session_id").asString());
                answer.put("session_id", session().id());
            }
            case "update" ->
                session()
                        .update(
                                question.path("stroke_idx").asInt(),
                                question.path("pose_idx").asInt());
            case "pause" -> session().pause();
            case "resume" -> session().resume();
            case "end" -> session().end();
            case "robot" -> state.updateRobotState(StateJson.read(document(question), RobotState.JSON));
            case "health" -> state.updateNodeHealth(ofThisMoment(StateJson.read(document(question), NodeHealth.JSON)));
            case "leave" -> answer.put("left", state.leave(state.nodeId()));
            case "publish" -> publish(question);
            case "status" -> {
                SystemStatus status = state.systemStatus();
                answer.put("nodes", status.nodes().size());
                answer.put("sessions", status.activeSessions().size());
            }
            case "write" -> write(question.path("key").asString(), (ObjectNode) question.path("document"));
            case "read" -> read(question.path("key").asString());
            case "watch" -> watch();
            default -> throw new IllegalArgumentException("nobody knows how to do " + what);
        }
        return answer;
    }

    private StrokeSession session() {
        StrokeSession running = session;
        if (running == null) {
            throw new IllegalStateException("start first");
        }
        return running;
    }

    private static byte[] document(ObjectNode question) {
        return bytes((ObjectNode) question.path("document"));
    }

    private static NodeHealth ofThisMoment(NodeHealth health) {
        Instant now = WireTime.now();
        return health.toBuilder().timestamp(now).lastHeartbeat(now).build();
    }

    @SuppressWarnings("unchecked")
    private void publish(ObjectNode question) {
        Channel<Event> channel = (Channel<Event>)
                Channels.parse(question.path("channel").asString()).orElseThrow();
        state.publish(channel, channel.kind().read(bytes((ObjectNode) question.path("event"))));
    }

    @Override
    public void close() {
        state.close();
    }
}
