package ai.tatbot.state.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the modules of models and of events: a frozen dataclass for each. */
final class PythonClasses {
    private final SchemaFolder schemas;

    PythonClasses(SchemaFolder schemas) {
        this.schemas = schemas;
    }

    String models() {
        PythonText out = head("Documents that are stored in Redis.");
        imports(out, "Document", false);
        List<FlatSchema> models = of(false);
        models.forEach(schema -> write(schema, out));
        return end(out, models, "Document");
    }

    String events() {
        PythonText out = head("Events that are published.");
        imports(out, "Event", true);
        List<FlatSchema> events = of(true);
        events.forEach(schema -> write(schema, out));
        return end(out, events, "Event");
    }

    List<FlatSchema> of(boolean event) {
        return schemas.documentsAndEvents().stream()
                .filter(schema -> schema.event() == event)
                .toList();
    }

    static PythonText head(String words) {
        return new PythonText()
                .doc(0, words + " Generated from the schema: edit that, not this.")
                .blank()
                .line(0, "from __future__ import annotations")
                .blank();
    }

    private void imports(PythonText out, String base, boolean events) {
        out.line(0, "from collections.abc import Mapping, Sequence")
                .line(0, "from dataclasses import dataclass, field")
                .line(0, "from datetime import datetime")
                .line(0, "from typing import Any, ClassVar, Literal")
                .blank()
                .line(0, "from . import wire_time")
                .line(0, "from ._fields import (")
                .line(1, "Choice,")
                .line(1, "Constant,")
                .line(1, "Field,")
                .line(1, "Flag,")
                .line(1, "Integer,")
                .line(1, "Number,")
                .line(1, "Numbers,")
                .line(1, "OpenObject,")
                .line(1, "Text,")
                .line(1, "Texts,")
                .line(1, "Time,")
                .line(0, ")")
                .line(0, "from ._objects import " + base + (events ? ", carried, document" : ""));
        if (events) {
            List<String> carried = of(true).stream()
                    .flatMap(schema -> schema.carriedModelClass().stream())
                    .distinct()
                    .sorted()
                    .toList();
            if (!carried.isEmpty()) {
                out.line(0, "from .models import " + String.join(", ", carried));
            }
        }
    }

    private void write(FlatSchema schema, PythonText out) {
        List<PythonProperty> properties = PythonProperty.of(schema);
        out.blank()
                .blank()
                .line(0, "@dataclass(frozen=True, slots=True, kw_only=True)")
                .line(0, "class " + schema.className() + "(" + (schema.event() ? "Event" : "Document") + "):")
                .doc(
                        1,
                        schema.node().get("title").asText() + ": "
                                + schema.node().get("description").asText())
                .blank()
                .line(
                        1,
                        "SCHEMA: ClassVar[str] = "
                                + PythonText.literal((schema.event() ? "events/" : "models/") + schema.name()));
        out.line(1, "FIELDS: ClassVar[tuple[Field, ...]] = (");
        ordered(properties).forEach(property -> out.line(2, property.check() + ","));
        out.line(1, ")");
        schema.carriedModelClass()
                .ifPresent(model -> out.line(1, "CARRIED: ClassVar[Mapping[str, str]] = {")
                        .line(2, String.join(", ", pairs(schema)))
                        .line(1, "}"));
        for (PythonProperty property : properties) {
            out.blank().line(1, property.python() + ": " + property.annotation() + property.assignment());
            out.doc(1, property.isConstant() ? "Kind of the event." : property.words());
        }
        schema.carriedModelClass().ifPresent(model -> carrier(schema, model, properties, out));
    }

    /** A constant comes first, as Java writes it. */
    private static List<PythonProperty> ordered(List<PythonProperty> properties) {
        List<PythonProperty> ordered = new ArrayList<>();
        properties.stream().filter(PythonProperty::isConstant).forEach(ordered::add);
        properties.stream().filter(property -> !property.isConstant()).forEach(ordered::add);
        return ordered;
    }

    private static List<String> pairs(FlatSchema schema) {
        List<String> pairs = new ArrayList<>();
        for (Map.Entry<String, String> pair : new TreeMap<>(schema.carried()).entrySet()) {
            pairs.add(PythonText.literal(PythonNames.field(pair.getKey())) + ": "
                    + PythonText.literal(PythonNames.field(pair.getValue())));
        }
        return pairs;
    }

    /** From the document that an event carries to the event, and back. */
    private static void carrier(FlatSchema schema, String model, List<PythonProperty> properties, PythonText out) {
        List<String> parameters = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        for (PythonProperty property : properties) {
            if (property.required()
                    && !property.isConstant()
                    && !schema.carried().containsKey(property.json())) {
                parameters.add(property.python() + ": " + property.annotation());
                arguments.add(property.python() + "=" + property.python());
            }
        }
        out.blank().line(1, "@classmethod");
        out.line(
                1,
                "def of(cls, document: " + model
                        + (parameters.isEmpty() ? "" : ", *, " + String.join(", ", parameters)) + ") -> "
                        + schema.className() + ":");
        out.doc(2, "The event that tells of this document.");
        arguments.add(0, "**carried(cls.CARRIED, document)");
        out.line(2, "return cls(" + String.join(", ", arguments) + ")").blank();
        out.line(1, "def document(self) -> " + model + " | None:");
        out.doc(2, "The document as it was stored; None if the sender did not say all of it, as older nodes do not.");
        out.line(2, "return document(self.CARRIED, self, " + model + ")");
    }

    private static String end(PythonText out, List<FlatSchema> classes, String base) {
        out.blank().blank().line(0, "ALL: tuple[type[" + base + "], ...] = (");
        classes.forEach(schema -> out.line(1, schema.className() + ","));
        return out.line(0, ")").toString();
    }
}
