package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What changed in the keys and channels: where things are, for how long, and what is told there. */
final class NameChanges {
    private static final String ELSEWHERE = "they look where nothing is written";
    private static final String UNREAD = "they write where nobody looks";

    private final SchemaFolder before;
    private final SchemaFolder now;
    private final Changes changes;

    NameChanges(SchemaFolder before, SchemaFolder now, Changes changes) {
        this.before = before;
        this.now = now;
        this.changes = changes;
    }

    void compare() throws IOException {
        Map<String, ObjectNode> keys = byName(now.keys());
        for (ObjectNode key : before.keys()) {
            ObjectNode same = keys.remove(name(key));
            String where = where("keys", key);
            if (same == null) {
                changes.breaks(where, "the key was removed", ELSEWHERE, UNREAD);
            } else {
                name(where, key, same);
                key(where, key, same);
            }
        }
        keys.values().forEach(key -> changes.adds(where("keys", key), "the key is new"));

        Map<String, ObjectNode> channels = byName(now.channels());
        for (ObjectNode channel : before.channels()) {
            ObjectNode same = channels.remove(name(channel));
            String where = where("channels", channel);
            if (same == null) {
                changes.breaks(where, "the channel was removed", ELSEWHERE, UNREAD);
            } else {
                name(where, channel, same);
                messages(where, channel, same);
            }
        }
        channels.values().forEach(channel -> changes.adds(where("channels", channel), "the channel is new"));
    }

    static String where(String folder, JsonNode file) {
        return folder + "/" + name(file).replace('_', '-') + ".json";
    }

    static String name(JsonNode file) {
        return file.required("name").asText();
    }

    private void name(String where, ObjectNode old, ObjectNode same) throws IOException {
        differs(where, "template", old.get("template"), same.get("template"), ELSEWHERE, UNREAD);
        JsonNode patterns = KeyCatalogue.parameters(same, now);
        for (Map.Entry<String, JsonNode> parameter :
                KeyCatalogue.parameters(old, before).properties()) {
            differs(
                    where,
                    "pattern of " + parameter.getKey(),
                    parameter.getValue().get("pattern"),
                    patterns.path(parameter.getKey()).get("pattern"),
                    "they may refuse ids that are used now",
                    "their ids may be refused");
        }
    }

    private void key(String where, ObjectNode old, ObjectNode same) {
        differs(where, "redis_type", old.get("redis_type"), same.get("redis_type"), "WRONGTYPE", "WRONGTYPE");
        differs(
                where,
                "ttl_seconds",
                old.get("ttl_seconds"),
                same.get("ttl_seconds"),
                "it is gone sooner, or stays for longer, than they expect",
                "theirs is gone sooner, or stays for longer, than others expect");
        differs(where, "index", old.get("index"), same.get("index"), ELSEWHERE, UNREAD);
        differs(where, "channel", old.get("channel"), same.get("channel"), "they listen where nothing is told", UNREAD);
        if (old.has("document")) {
            differs(where, "document", old.get("document"), same.get("document"), ELSEWHERE, UNREAD);
        } else if (same.has("document")) {
            changes.adds(where, "it holds a document now");
        }
        old.path("fields").fieldNames().forEachRemaining(field -> {
            if (!same.path("fields").has(field)) {
                changes.breaks(where, "field " + field + " was removed", "they miss it", "nobody reads it");
            }
        });
        same.path("fields").fieldNames().forEachRemaining(field -> {
            if (!old.path("fields").has(field)) {
                changes.adds(where, "field " + field + " is new");
            }
        });
        long most = same.path("max_length").asLong();
        long mostBefore = old.path("max_length").asLong();
        if (most < mostBefore) {
            changes.breaks(where, "max_length " + mostBefore + " became " + most, "they expect more entries", null);
        } else if (most > mostBefore) {
            changes.adds(where, "max_length " + mostBefore + " became " + most);
        }
    }

    private void messages(String where, ObjectNode old, ObjectNode same) {
        Map<String, String> classes = classes(same);
        classes(old).forEach((event, eventClass) -> {
            String classNow = classes.remove(event);
            if (classNow == null) {
                changes.breaks(
                        where, event + " is no longer told there", "they wait for it", "nobody understands them");
            } else if (!classNow.equals(eventClass)) {
                changes.breaks(
                        where,
                        event + " was a " + eventClass + " and is a " + classNow,
                        "they lose some, or look for it in the log in vain",
                        "theirs are not where readers look for them");
            }
        });
        classes.keySet().forEach(event -> changes.adds(where, event + " is told there, too"));
    }

    private static Map<String, String> classes(ObjectNode channel) {
        Map<String, String> classes = new LinkedHashMap<>();
        channel.required("messages")
                .forEach(message -> classes.put(
                        message.required("payload").required("$ref").asText().replaceFirst("^\\.\\./", ""),
                        message.required("class").asText()));
        return classes;
    }

    private void differs(
            String where,
            String what,
            @Nullable JsonNode old,
            @Nullable JsonNode same,
            String readers,
            String writers) {
        if (!Objects.equals(old, same)) {
            changes.breaks(where, what + " " + said(old) + " became " + said(same), readers, writers);
        }
    }

    private static String said(@Nullable JsonNode value) {
        return value == null ? "none" : value.isTextual() ? value.asText() : value.toString();
    }

    private static Map<String, ObjectNode> byName(List<ObjectNode> files) {
        Map<String, ObjectNode> names = new LinkedHashMap<>();
        files.forEach(file -> names.put(name(file), file));
        return names;
    }
}
