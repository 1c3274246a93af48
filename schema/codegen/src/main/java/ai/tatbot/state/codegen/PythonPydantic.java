package ai.tatbot.state.codegen;

import java.util.ArrayList;
import java.util.List;

/** Writes the module of pydantic models: the same fields, held to the same checks. */
final class PythonPydantic {
    private final SchemaFolder schemas;

    PythonPydantic(SchemaFolder schemas) {
        this.schemas = schemas;
    }

    String module() {
        PythonText out = PythonClasses.head(
                "The same documents and events as pydantic models, for programs that use pydantic 2. Their bounds are the"
                        + " schema's; what they accept is what the dataclasses accept.");
        out.line(0, "from collections.abc import Mapping")
                .line(0, "from typing import Annotated, Any, Literal")
                .blank()
                .line(0, "from pydantic import Field")
                .blank()
                .line(0, "from . import events, models, wire_time")
                .line(0, "from ._pydantic import Floats, StateModel, Texts, WireTime");
        for (FlatSchema schema : schemas.documentsAndEvents()) {
            write(schema, out);
        }
        out.blank().blank().line(0, "ALL: tuple[type[StateModel], ...] = (");
        schemas.documentsAndEvents().forEach(schema -> out.line(1, schema.className() + ","));
        return out.line(0, ")").toString();
    }

    private static void write(FlatSchema schema, PythonText out) {
        out.blank()
                .blank()
                .line(0, "class " + schema.className() + "(StateModel):")
                .doc(
                        1,
                        schema.node().get("title").asText() + ": "
                                + schema.node().get("description").asText())
                .blank()
                // Without its type, whose name may be that of a field.
                .line(1, "OF = " + (schema.event() ? "events." : "models.") + schema.className());
        for (PythonProperty property : PythonProperty.of(schema)) {
            out.blank().line(1, property.python() + ": " + annotation(property) + assignment(property));
        }
    }

    private static String annotation(PythonProperty property) {
        List<String> facts = new ArrayList<>(property.pydanticBounds());
        if (!property.isConstant()) {
            facts.add(0, "description=" + PythonText.literal(property.words()));
        }
        if (!property.python().equals(property.json())) {
            facts.add("alias=" + PythonText.literal(property.json()));
        }
        String type = property.annotation()
                .replace("datetime", "WireTime")
                .replace("Sequence[float]", "Floats")
                .replace("Sequence[str]", "Texts");
        return facts.isEmpty() ? type : "Annotated[" + type + ", Field(" + String.join(", ", facts) + ")]";
    }

    private static String assignment(PythonProperty property) {
        return property.assignment().replace("field(default_factory=", "Field(default_factory=");
    }
}
