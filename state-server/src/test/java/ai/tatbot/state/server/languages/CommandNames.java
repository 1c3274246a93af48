package ai.tatbot.state.server.languages;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** For recording: finds what differs from run to run in commands, by the names that stand before it, and puts placeholders there. */
final class CommandNames {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Fields, of hashes, streams and JSON, to the placeholders of their values. */
    private static final Map<String, String> BY_FIELD = Map.ofEntries(
            Map.entry("timestamp", "time"),
            Map.entry("last_updated", "now"),
            Map.entry("last_heartbeat", "time"),
            Map.entry("rev", "rev"),
            Map.entry("seq", "seq"),
            Map.entry("event_id", "event_id"),
            Map.entry("lease_until", "lease_until"),
            Map.entry("instance", "instance"),
            Map.entry("seen", "now_ms"),
            Map.entry("since", "now_ms"));

    private static final String PULSE = "tatbot-pulse:";

    private final String given;
    private final Map<String, String> names = new LinkedHashMap<>();
    private String prefix = "";
    private int infos;

    /** @param given what the case itself says, which is no placeholder */
    CommandNames(String given) {
        this.given = given;
        Scripts.texts().forEach((name, text) -> {
            names.put(Scripts.sha1(text), "sha:" + name);
            names.put(text, "text:" + name);
        });
    }

    void add(String value, String name) {
        if (!given.contains(value)) {
            names.put(value, name);
        }
    }

    /** @param earlier whether they were sent before those that are recorded */
    void learn(List<Observed> observed, boolean earlier) {
        prefix = earlier ? "last_" : "";
        CommandVector.commands(observed).forEach(words -> {
            learnTime(words);
            for (int i = 0; i < words.size(); i++) {
                if (i > 0) {
                    learn(words.get(i - 1), words.get(i));
                }
                JsonNode object = object(words.get(i));
                JsonNode tail = object == null ? object("{" + words.get(i)) : object;
                if (tail != null) {
                    tail.forEachEntry((field, value) -> learn(field, value.asString("")));
                }
            }
        });
    }

    /** Of a script that stores a document, its third argument is the time at which that is done. */
    private void learnTime(List<String> words) {
        if (words.get(0).toUpperCase(Locale.ROOT).startsWith("EVAL")) {
            int third = 3 + Integer.parseInt(words.get(2)) + 2;
            if (third < words.size()) {
                learn("last_updated", words.get(third));
            }
        }
    }

    private void learn(String field, String value) {
        String name = BY_FIELD.get(field);
        if (name == null
                || names.containsKey(value)
                || given.contains(value)
                || !value.matches(Placeholders.kind(name).path("pattern").asString())) {
            return;
        }
        String base = prefix + name;
        String free = base;
        for (int i = 2; names.containsValue(free); i++) {
            free = base + "_" + i;
        }
        names.put(value, free);
    }

    /** A JSON object; null if it is none. */
    static @Nullable JsonNode object(String text) {
        if (!text.startsWith("{\"") || !text.endsWith("}")) {
            return null;
        }
        try {
            JsonNode read = Fields.JSON.readTree(text);
            return read.isObject() ? read : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    ArrayNode words(List<String> words) {
        ArrayNode said = NODES.arrayNode();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            JsonNode whole = object(word);
            JsonNode tail = whole == null ? object("{" + word) : null;
            if (whole != null) {
                said.addObject().set("json", named(whole));
            } else if (tail != null) {
                said.addObject().set("tail", named(tail));
            } else if (word.startsWith(PULSE)) {
                said.add(PULSE + "{pulse}");
            } else if (i > 2 && followsLog(words.get(i - 2), words.get(i - 1))) {
                said.add("{last_seq}");
            } else {
                said.add(named(word));
            }
        }
        return said;
    }

    /** Behind length and time to live of the log, scripts take the highest number in it that this writer knows. */
    private static boolean followsLog(String before, String last) {
        JsonNode log = Fields.JSON.readTree(
                Path.of("..", "schema", "keys", "events-log.json").toFile());
        return before.equals(log.path("max_length").asString())
                && last.equals(Long.toString(log.path("ttl_seconds").asLong() * 1000));
    }

    JsonNode reply(List<String> words, JsonNode reply) {
        if (words.get(0).equalsIgnoreCase("PTTL") && reply.asLong() > 0) {
            return NODES.stringNode("{ttl_ms}");
        }
        if (words.get(0).equalsIgnoreCase("INFO")) {
            infos++;
            return NODES.stringNode(infos == 1 ? "{info}" : "{info_" + infos + "}");
        }
        return named(reply);
    }

    private JsonNode named(JsonNode node) {
        if (node.isObject()) {
            ObjectNode copy = NODES.objectNode();
            node.forEachEntry((field, value) -> copy.set(field, named(value)));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = NODES.arrayNode();
            node.forEach(item -> copy.add(named(item)));
            return copy;
        }
        if (node.isString()) {
            return NODES.stringNode(named(node.asString()));
        }
        String name = node.isNumber() ? names.get(node.asString()) : null;
        return name == null ? node : NODES.stringNode("{" + name + "}");
    }

    private String named(String text) {
        String said = text;
        // The time of Redis may be part of an id.
        List<Map.Entry<String, String>> longest = names.entrySet().stream()
                .sorted(Comparator.comparingInt(one -> -one.getKey().length()))
                .toList();
        for (Map.Entry<String, String> one : longest) {
            if (said.contains(one.getKey())) {
                said = Pattern.compile("(?<![0-9])" + Pattern.quote(one.getKey()) + "(?![0-9])")
                        .matcher(said)
                        .replaceAll(Matcher.quoteReplacement("{" + one.getValue() + "}"));
            }
        }
        return said;
    }
}
