package ai.tatbot.state.server.docs.reference;

import ai.tatbot.state.server.docs.Markdown;
import ai.tatbot.state.server.docs.ReferencePage;
import tools.jackson.databind.JsonNode;

/** What is stored: each document, field by field. */
final class ModelsPage {
    private ModelsPage() {}

    static ReferencePage page() {
        Markdown out = new Markdown()
                .heading(1, "Models")
                .paragraph(
                        "The documents that are stored, as JSON. Each lies at its [key](keys.md), and each write of it is told on its"
                                + " [channel](channels.md). Units are UCUM's codes: `rad` is radians, `Cel` degrees Celsius. A time is"
                                + " ISO-8601 in UTC.");
        for (JsonNode key : Description.keys()) {
            JsonNode document = key.path("document");
            if (document.isMissingNode()) {
                continue;
            }
            JsonNode schema = document.path("schema");
            out.heading(2, Fields.text(document, "model"))
                    .paragraph(Fields.text(schema, "description"))
                    .paragraph("At " + Markdown.code(Fields.text(key, "template")) + ", field "
                            + Markdown.code(Fields.text(document, "field")) + ".");
            Fields.table(out, schema);
        }
        return new ReferencePage("models", out.toString());
    }
}
