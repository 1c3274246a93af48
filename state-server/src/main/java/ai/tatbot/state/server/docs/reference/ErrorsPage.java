package ai.tatbot.state.server.docs.reference;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.server.docs.Markdown;
import ai.tatbot.state.server.docs.ReferencePage;
import ai.tatbot.state.server.operation.OperationException;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** What can go wrong, by its name for programs. */
final class ErrorsPage {
    private static final String CLIENT = "state-client/src/main/java/ai/tatbot/state/client/StateException.java";
    private static final String SERVER =
            "state-server/src/main/java/ai/tatbot/state/server/operation/OperationException.java";

    private ErrorsPage() {}

    /** @param status HTTP status of a failure */
    static ReferencePage page(ToIntFunction<OperationException.Code> status) {
        Markdown out = new Markdown()
                .heading(1, "Errors")
                .paragraph(
                        "What can go wrong, by its name for programs. Messages are for people: they say what happened, to what, and"
                                + " what to do, and they may change.")
                .heading(2, "In an application")
                .paragraph(
                        "`StateException.reason()` in Java; `StateError.reason` in Python, which has those that can happen there. A value"
                                + " that does not fit the schema is an `InvalidValueException`, in Python an `InvalidValueError`, before"
                                + " anything is sent.")
                .columns("Reason", "Meaning");
        CommentedEnum.comments(Reason.class, CLIENT)
                .forEach((reason, meaning) -> out.row(Markdown.code(reason.name()), meaning));
        out.heading(2, "Over HTTP and MCP")
                .paragraph(
                        "`code` of a problem document (RFC 9457). Tools of MCP put it before their message, in capitals. The guard"
                                + " has codes of its own for what it does not let in, such as `unauthorized`; they say what is wanted.")
                .columns("Code", "Status", "Meaning");
        CommentedEnum.comments(OperationException.Code.class, SERVER)
                .forEach((code, meaning) -> out.row(
                        Markdown.code(code.name().toLowerCase(Locale.ROOT)),
                        Integer.toString(status.applyAsInt(code)),
                        meaning));
        return new ReferencePage("errors", out.toString());
    }
}
