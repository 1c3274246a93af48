package ai.tatbot.state.server.languages;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Compares what a client has sent with what a case says. */
final class CommandVector {
    private final JsonNode json;

    CommandVector(JsonNode json) {
        this.json = json;
    }

    /** Who is held to it. */
    boolean concerns(String language) {
        return json.path("who").valueStream().anyMatch(who -> who.asString().equals(language));
    }

    /** Whether the client sends something now and then by itself, which may fall into the case or not. */
    boolean hasMore() {
        return json.has("also");
    }

    /** What this language must send; where it may differ from the others, the case says why. */
    static ArrayNode sent(JsonNode json, String language) {
        ObjectNode differing = differing(json, language);
        return (ArrayNode) (differing == null ? json : differing).path("sent");
    }

    static @Nullable ObjectNode differing(JsonNode json, String language) {
        for (JsonNode one : json.path("differs")) {
            if (one.path("who").valueStream().anyMatch(who -> who.asString().equals(language))) {
                return (ObjectNode) one;
            }
        }
        return null;
    }

    /** The first difference; null if there is none. */
    @Nullable
    String difference(String language, List<Observed> observed, Placeholders placeholders) {
        List<JsonNode> wanted = sent(json, language).valueStream().toList();
        int next = 0;
        for (Observed one : observed) {
            String why = next == wanted.size() ? "nothing more" : mismatch(wanted.get(next), one, placeholders);
            if (why == null) {
                next++;
            } else if (!isMore(one, placeholders)) {
                return "expected: " + why + "; sends " + one;
            }
        }
        return next == wanted.size() ? null : "does not send " + wanted.get(next);
    }

    /**
     * The first command that is not among those that were sent; null if there is none. For a client whose commands go by way of a server,
     * which has more to do.
     */
    @Nullable
    String missing(String language, List<Observed> observed, Placeholders placeholders) {
        List<JsonNode> wanted = sent(json, language).valueStream().toList();
        int next = 0;
        for (Observed one : observed) {
            if (next < wanted.size() && areSame(wanted.get(next).path("command"), one.words(), placeholders)) {
                next++;
            }
        }
        return next == wanted.size() ? null : wanted.get(next).path("command").toString();
    }

    /** Whether it is one of those that come by themselves. */
    boolean isMore(Observed one, Placeholders placeholders) {
        return json.path("also")
                .valueStream()
                .anyMatch(more -> areSame(more.path("command"), one.words(), placeholders.copy()));
    }

    private static @Nullable String mismatch(JsonNode wanted, Observed found, Placeholders placeholders) {
        Placeholders trial = placeholders.copy();
        if (!areSame(wanted.path("command"), found.words(), trial)) {
            return "the command " + where(wanted.path("command"), found.words(), placeholders);
        }
        List<JsonNode> runs = wanted.path("runs").valueStream().toList();
        for (int i = 0; i < Math.max(runs.size(), found.runs().size()); i++) {
            if (i == runs.size()) {
                return "that it runs no " + found.runs().get(i);
            }
            if (i == found.runs().size() || !areSame(runs.get(i), found.runs().get(i), trial)) {
                return "that it runs "
                        + (i == found.runs().size()
                                ? runs.get(i)
                                : where(runs.get(i), found.runs().get(i), trial));
            }
        }
        if (wanted.has("reply") && !isSame(wanted.path("reply"), found.reply(), trial)) {
            return "the reply " + wanted.path("reply");
        }
        placeholders.become(trial);
        return null;
    }

    private static String where(JsonNode wanted, List<String> words, Placeholders placeholders) {
        Placeholders trial = placeholders.copy();
        for (int i = 0; i < Math.min(wanted.size(), words.size()); i++) {
            if (!isWord(wanted.get(i), words.get(i), trial)) {
                return wanted + ", where word " + (i + 1) + " is " + wanted.get(i) + ", not " + words.get(i);
            }
        }
        return wanted + ", which has " + wanted.size() + " words, not " + words.size();
    }

    private static boolean areSame(JsonNode wanted, List<String> words, Placeholders placeholders) {
        if (wanted.size() != words.size()) {
            return false;
        }
        Placeholders trial = placeholders.copy();
        for (int i = 0; i < words.size(); i++) {
            if (!isWord(wanted.get(i), words.get(i), trial)) {
                return false;
            }
        }
        placeholders.become(trial);
        return true;
    }

    private static boolean isWord(JsonNode wanted, String word, Placeholders placeholders) {
        if (wanted.isString()) {
            return placeholders.matches(wanted.asString(), word);
        }
        String text = wanted.has("tail") ? "{" + word : word;
        JsonNode said = CommandNames.object(text);
        return said != null
                && isSame(wanted.has("tail") ? wanted.path("tail") : wanted.path("json"), said, placeholders);
    }

    /** JSON that says the same: the order of names, and how a number is written, are the writer's choice. */
    private static boolean isSame(JsonNode wanted, JsonNode found, Placeholders placeholders) {
        if (wanted.isString()) {
            String name = Placeholders.name(wanted.asString());
            boolean number =
                    name != null && Placeholders.kind(name).path("number").asBoolean(false);
            return (number ? found.isNumber() || found.isString() : found.isString())
                    && placeholders.matches(wanted.asString(), found.asString());
        }
        if (wanted.isNumber()) {
            return found.isNumber() && wanted.decimalValue().compareTo(found.decimalValue()) == 0;
        }
        if (wanted.isArray()) {
            if (!found.isArray() || wanted.size() != found.size()) {
                return false;
            }
            for (int i = 0; i < wanted.size(); i++) {
                if (!isSame(wanted.get(i), found.get(i), placeholders)) {
                    return false;
                }
            }
            return true;
        }
        if (wanted.isObject()) {
            return found.isObject()
                    && wanted.propertyStream()
                            .allMatch(field -> isSame(field.getValue(), found.path(field.getKey()), placeholders))
                    && (wanted.size() == found.size() || Defaults.accountFor(wanted, found));
        }
        return wanted.equals(found);
    }

    /** The same as a case says it, for recording; without what comes by itself. */
    ArrayNode recorded(List<Observed> observed, CommandNames names, Placeholders placeholders) {
        ArrayNode sent = Fields.JSON.createArrayNode();
        List<Observed> kept = new ArrayList<>(observed);
        kept.removeIf(one -> isMore(one, placeholders));
        for (Observed one : kept) {
            ObjectNode entry = sent.addObject();
            entry.set("command", names.words(one.words()));
            if (!one.runs().isEmpty()) {
                ArrayNode runs = entry.putArray("runs");
                one.runs().forEach(run -> runs.add(names.words(run)));
            }
            if (!one.reply().isMissingNode()) {
                entry.set("reply", names.reply(one.words(), one.reply()));
            }
        }
        return sent;
    }

    /** Each word of all commands. */
    static Stream<List<String>> commands(List<Observed> observed) {
        return observed.stream().flatMap(one -> Stream.concat(Stream.of(one.words()), one.runs().stream()));
    }
}
