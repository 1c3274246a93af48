package ai.tatbot.state.server.http.reference;

import ai.tatbot.state.server.docs.Markdown;
import ai.tatbot.state.server.docs.ReferencePage;
import java.util.stream.Collectors;

/** Every request, as a page. */
public final class HttpReference {
    private HttpReference() {}

    /** The page, made of the table that the OpenAPI document is made of. */
    public static ReferencePage page() {
        Markdown out = new Markdown()
                .heading(1, "HTTP API")
                .paragraph(
                        "Every request that a server answers. How to ask, by [example](../http-api.md); what answers look like, at `/api` of a"
                                + " running server, and in OpenAPI 3.1 at `/api/v1/openapi.json`. What fails is a problem document with a code of"
                                + " the [errors](errors.md).");
        OperationTable.all().forEach(operation -> one(out, operation));
        return new ReferencePage("http-api", out.toString());
    }

    private static void one(Markdown out, Operation operation) {
        out.heading(2, Markdown.code(operation.route()))
                .paragraph("**" + operation.summary + ".** " + operation.description)
                .paragraph(
                        operation.scope == null ? "Open to all." : "Needs the scope `" + operation.scope.text() + "`.");
        if (!operation.parameters.isEmpty()) {
            out.columns("Parameter", "In", "Meaning");
            operation.parameters.forEach(parameter -> out.row(
                    Markdown.code(parameter.name()),
                    parameter.place() + (parameter.required() ? ", required" : ""),
                    parameter.description()));
        }
        out.columns("Status", "What comes");
        operation.answers.forEach((status, answer) -> out.row(Integer.toString(status), answer.description()));
        if (!operation.failures.isEmpty()) {
            out.row(
                    operation.failures.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                    "a problem, besides those that any request may meet");
        }
    }
}
