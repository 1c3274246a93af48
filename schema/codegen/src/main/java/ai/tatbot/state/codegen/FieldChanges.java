package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What changed in a model or event: field by field, with bases merged in. */
final class FieldChanges {
    private final String where;
    private final Changes changes;

    FieldChanges(String where, Changes changes) {
        this.where = where;
        this.changes = changes;
    }

    void compare(FlatSchema before, FlatSchema now) {
        JsonNode fieldsNow = now.node().path("properties");
        before.properties().forEach(field -> {
            String name = field.getKey();
            if (fieldsNow.has(name)) {
                field(
                        name,
                        field.getValue(),
                        before.required().contains(name),
                        fieldsNow.get(name),
                        now.required().contains(name));
            } else {
                breaks(name, "was removed", "nobody writes it any more", "nobody reads what they write in it");
            }
        });
        now.properties().forEach(field -> {
            String name = field.getKey();
            if (!before.node().path("properties").has(name)) {
                if (now.required().contains(name)) {
                    breaks(name, "is new, and required", null, "they do not write it");
                } else {
                    changes.adds(where, "field " + name + " is new");
                }
            }
        });
    }

    private void field(String name, JsonNode before, boolean wasRequired, JsonNode now, boolean isRequired) {
        type(name, type(before), type(now));
        if (isRequired && !wasRequired) {
            breaks(name, "is required now", null, "they may leave it out");
        } else if (wasRequired && !isRequired) {
            breaks(name, "is no longer required", "they cannot do without it", null);
        } else if (!isRequired) {
            absence(name, before.get("default"), now.get("default"));
        }
        values(name, before.get("enum"), now.get("enum"));
        for (String least : new String[] {"minimum", "minLength", "minItems"}) {
            bound(name, least, before.get(least), now.get(least), 1);
        }
        for (String most : new String[] {"maximum", "maxLength", "maxItems"}) {
            bound(name, most, before.get(most), now.get(most), -1);
        }
        form(name, "pattern", before, now);
        form(name, "format", before, now);
        if (!Objects.equals(before.get("x-unit"), now.get("x-unit"))) {
            breaks(
                    name,
                    "has another unit: " + said(before.get("x-unit")) + " became " + said(now.get("x-unit")),
                    "they take its numbers for what they were",
                    "their numbers are taken for what they are not");
        }
    }

    /** A constant, or a type with that of its items; whether it may be null is a question of its absence. */
    private static String type(JsonNode field) {
        if (field.has("const")) {
            return "\"" + field.get("const").asText() + "\"";
        }
        JsonNode type = field.path("type");
        String name = type.isArray() ? type.path(0).asText() : type.asText();
        return field.has("items")
                ? name + " of " + field.get("items").path("type").asText()
                : name;
    }

    private void type(String name, String before, String now) {
        if (before.equals(now)) {
            return;
        }
        boolean widened = before.equals("integer") && now.equals("number");
        boolean narrowed = before.equals("number") && now.equals("integer");
        breaks(
                name,
                "has another type: " + before + " became " + now,
                narrowed ? null : "they do not understand it",
                widened ? null : "what they write is refused");
    }

    private void absence(String name, @Nullable JsonNode before, @Nullable JsonNode now) {
        if (!same(before, now)) {
            breaks(
                    name,
                    "means another thing where it is absent: " + said(before) + " became " + said(now),
                    "they take its absence for " + said(before),
                    "they leave it out where they mean " + said(before));
        }
    }

    private static boolean same(@Nullable JsonNode before, @Nullable JsonNode now) {
        if (before != null && now != null && before.isNumber() && now.isNumber()) {
            return before.asDouble() == now.asDouble(); // 2 and 2.0 are the same
        }
        return Objects.equals(before, now);
    }

    private void values(String name, @Nullable JsonNode before, @Nullable JsonNode now) {
        if (before == null && now == null) {
            return;
        }
        if (before == null) {
            breaks(name, "may only be one of " + now + " now", null, "they may write another");
            return;
        }
        if (now == null) {
            breaks(name, "may be anything now, not only one of " + before, "they refuse what they do not know", null);
            return;
        }
        Set<String> gone = texts(before);
        gone.removeAll(texts(now));
        if (!gone.isEmpty()) {
            breaks(name, "may no longer be " + String.join(", ", gone), null, "what they write is refused");
        }
        Set<String> come = texts(now);
        come.removeAll(texts(before));
        if (!come.isEmpty()) {
            breaks(name, "may also be " + String.join(", ", come), "they refuse what they do not know", null);
        }
    }

    private static Set<String> texts(JsonNode values) {
        Set<String> texts = new LinkedHashSet<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }

    /** @param direction 1 if a greater bound allows less, -1 if a smaller one does */
    private void bound(String name, String keyword, @Nullable JsonNode before, @Nullable JsonNode now, int direction) {
        if (before == null && now == null) {
            return;
        }
        int order = before == null
                ? 1
                : now == null ? -1 : direction * now.decimalValue().compareTo(before.decimalValue());
        String what = keyword + " " + said(before) + " became " + said(now);
        if (order > 0) {
            breaks(name, "allows less: " + what, null, "they may write what is refused now");
        } else if (order < 0) {
            changes.adds(where, "field " + name + " allows more: " + what);
        }
    }

    /** One pattern cannot be told to allow more than another, so any change counts. */
    private void form(String name, String keyword, JsonNode before, JsonNode now) {
        if (!Objects.equals(before.get(keyword), now.get(keyword))) {
            breaks(
                    name,
                    "has another " + keyword + ": " + said(before.get(keyword)) + " became " + said(now.get(keyword)),
                    before.has(keyword) ? "they may refuse what is written now" : null,
                    now.has(keyword) ? "what they write may be refused" : null);
        }
    }

    private static String said(@Nullable JsonNode value) {
        return value == null ? "none" : value.isTextual() ? value.asText() : value.toString();
    }

    private void breaks(String name, String what, @Nullable String readers, @Nullable String writers) {
        changes.breaks(where, "field " + name + " " + what, readers, writers);
    }
}
