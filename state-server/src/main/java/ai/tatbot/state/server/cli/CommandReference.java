package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.docs.Markdown;
import ai.tatbot.state.server.docs.ReferencePage;
import ai.tatbot.state.server.show.Terminal;
import java.io.InputStream;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Every command's help, as a page. */
final class CommandReference {
    private CommandReference() {}

    static ReferencePage page() {
        Terminal nowhere = Terminal.ofProcess(Map.of());
        CommandLine program = CommandLineProgram.of(new Context(Map.of(), nowhere, InputStream.nullInputStream()));
        Markdown out = new Markdown()
                .heading(1, "Commands")
                .paragraph(
                        "What `tatbot-state` can do, as its `--help` says it. Every command has `--json`, for programs: what was asked"
                                + " for on standard output, failures as an object with `code` and `message` on standard error.")
                .heading(2, "Exit codes")
                .columns("Code", "Meaning");
        for (ExitCode code : ExitCode.values()) {
            out.row(Markdown.code(Integer.toString(code.number())), code.meaning());
        }
        add(out, program);
        return new ReferencePage("cli", out.toString());
    }

    private static void add(Markdown out, CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        out.heading(2, Markdown.code(name)).block("text", command.getUsageMessage(Ansi.OFF));
        command.getSubcommands().values().forEach(below -> add(out, below));
    }
}
