package ai.tatbot.state.server.languages;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateChange.Cause;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.StateWatch;
import ai.tatbot.state.client.Subscription;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.model.Versioned;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A reader that an application might have made of the Java client, by listening; wrong in one way. */
final class BrokenJava implements Language {
    private final Java java;
    private final String fault;
    private final Map<String, Seen> documents = new ConcurrentHashMap<>();
    private final BlockingQueue<JsonNode> transitions = new LinkedBlockingQueue<>();
    private final BlockingQueue<Learned> learned = new LinkedBlockingQueue<>();
    private @Nullable StateWatch watch;
    private @Nullable Subscription subscription;

    /** Touched by the watch's own thread, of which there is one at a time. */
    private volatile @Nullable JsonNode last;

    static final Set<String> FAULTS = Set.of(
            "ignores-gaps", "keeps-what-is-gone", "takes-what-is-overtaken", "reads-once", "deaf", "tells-twice");

    BrokenJava(Java java, String fault) {
        if (!FAULTS.contains(fault)) {
            throw new IllegalArgumentException("there is no " + fault);
        }
        this.java = java;
        this.fault = fault;
    }

    @Override
    public String name() {
        return "Java that " + fault;
    }

    @Override
    public void watch() {
        end();
        if (is("takes-what-is-overtaken")) {
            subscription = java.state().subscribeRaw(List.of("robot:events"), (channel, message) -> takeOver(message));
        }
        StateWatch begun = java.state().watch(WatchScope.everything());
        begun.listen(new WatchListener() {
            @Override
            public void onChange(StateChange<?> change) {
                if (!passesOver(change.cause())) {
                    changed(change);
                }
            }

            @Override
            public void onTransition(StateTransition transition) {
                if (!is("ignores-gaps") || !transition.caughtUp()) {
                    tell(Java.json(transition.event()));
                }
            }

            @Override
            public void onLost(LostTransitions lost) {
                if (!is("ignores-gaps")) {
                    transitions.add(Java.json(lost));
                }
            }
        });
        watch = begun;
    }

    private void end() {
        if (watch != null) {
            watch.close();
        }
        if (subscription != null) {
            subscription.close();
        }
        last = null;
        documents.clear();
        transitions.clear();
        learned.clear();
    }

    private void tell(JsonNode transition) {
        if (is("tells-twice") && last != null) {
            transitions.add(last);
        }
        last = transition;
        transitions.add(transition);
    }

    private boolean is(String other) {
        return fault.equals(other);
    }

    private boolean passesOver(Cause cause) {
        return switch (fault) {
            case "keeps-what-is-gone" -> Set.of(Cause.EXPIRED, Cause.DELETED).contains(cause);
            case "reads-once" ->
                Set.of(Cause.REREAD, Cause.EXPIRED, Cause.DELETED).contains(cause);
            // It has its own way to learn of them.
            case "takes-what-is-overtaken" -> cause == Cause.UPDATED;
            // And finds what it tells when it looks.
            case "deaf" -> cause == Cause.UPDATED;
            default -> false;
        };
    }

    private void changed(StateChange<?> change) {
        Versioned<?> value = change.value();
        if (value == null) {
            documents.remove(change.key().name());
        } else {
            documents.put(change.key().name(), new Seen((ObjectNode) Java.json(value.value()), value.revision()));
        }
        learned.add(Java.learned(change));
    }

    /** Whatever is published is the latest, is it not? */
    private void takeOver(byte[] message) {
        try {
            JsonNode event = Fields.JSON.readTree(new String(message, StandardCharsets.UTF_8));
            if (event instanceof ObjectNode document && event.has("rev") && event.has("goal_time_fast")) {
                documents.put(
                        "robot:state:" + event.path("node_id").asString(""),
                        new Seen(document, OptionalLong.of(event.path("rev").asLong())));
            }
        } catch (JacksonException e) {
            // Not what this reader is wrong in.
            documents.remove("none");
        }
    }

    @Override
    public Seen seen(String key) {
        if (is("deaf")) {
            look(key);
        }
        return documents.getOrDefault(key, new Seen(null, OptionalLong.empty()));
    }

    private void look(String key) {
        Seen now = java.read(key);
        if (now.document() != null && !now.equals(documents.put(key, now))) {
            learned.add(new Learned(key, now.revision(), "reread"));
        }
    }

    @Override
    public boolean isLive() {
        StateWatch begun = watch;
        return begun != null && begun.status().isLive();
    }

    @Override
    public Told told() {
        return Java.told(transitions, learned);
    }

    @Override
    public boolean accepts(String schema, ObjectNode document) {
        return java.accepts(schema, document);
    }

    @Override
    public OptionalLong write(String key, ObjectNode document) {
        return java.write(key, document);
    }

    @Override
    public Seen read(String key) {
        return java.read(key);
    }

    @Override
    public JsonNode ask(ObjectNode question) {
        return java.ask(question);
    }

    @Override
    public void close() {
        java.close();
    }
}
