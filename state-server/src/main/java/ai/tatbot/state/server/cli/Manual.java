package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.docs.DocsSite;
import ai.tatbot.state.server.docs.ReferencePage;
import ai.tatbot.state.server.docs.reference.SchemaPages;
import ai.tatbot.state.server.http.OperationProblems;
import ai.tatbot.state.server.http.metrics.MetricsReference;
import ai.tatbot.state.server.http.reference.HttpReference;
import ai.tatbot.state.server.mcp.McpReference;
import java.util.ArrayList;
import java.util.List;

/** The documentation of this program, complete. */
final class Manual {
    private Manual() {}

    static DocsSite site() {
        List<ReferencePage> reference = new ArrayList<>(SchemaPages.all(OperationProblems::status));
        reference.add(CommandReference.page());
        reference.add(HttpReference.page());
        reference.add(MetricsReference.page());
        reference.add(McpReference.page());
        return DocsSite.of(reference);
    }
}
