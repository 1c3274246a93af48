package ai.tatbot.state.server.languages;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateChange.Cause;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.StateWatch;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.model.Versioned;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
    private final BlockingQueue<JsonNode> told = new LinkedBlockingQueue<>();
    private @Nullable StateWatch watch;

    BrokenJava(Java java, String fault) {
        this.java = java;
        this.fault = fault;
    }

    @Override
    public String name() {
        return "Java that " + fault;
    }

    @Override
    public void watch() {
        documents.clear();
        if (is("takes-what-is-overtaken")) {
            java.state().subscribeRaw(List.of("robot:events"), (channel, message) -> takeOver(message));
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
                    told.add(Java.json(transition.event()));
                }
            }

            @Override
            public void onLost(LostTransitions lost) {
                if (!is("ignores-gaps")) {
                    told.add(Java.json(lost));
                }
            }
        });
        watch = begun;
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
        return documents.getOrDefault(key, new Seen(null, OptionalLong.empty()));
    }

    @Override
    public boolean isLive() {
        StateWatch begun = watch;
        return begun != null && begun.status().isLive();
    }

    @Override
    public List<JsonNode> transitions() {
        List<JsonNode> all = new ArrayList<>();
        told.drainTo(all);
        return all;
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
