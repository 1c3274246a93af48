package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.docs.DocsFile;
import ai.tatbot.state.server.docs.DocsSite;
import ai.tatbot.state.server.show.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Writes the documentation into a folder. */
@CommandLine.Command(
        name = "docs",
        header = "Write the documentation into a folder, as HTML.",
        description = {
            "Quick starts, concepts, guides, operations, and the reference of every model, key, channel, error, command, variable,"
                    + " metric and MCP tool of this very version. It needs no network, and no server: serve shows the same at /docs.",
            "Files of the same names are replaced; others are left alone."
        },
        footer = {"", "Example:", "  tatbot-state docs --out manual && xdg-open manual/index.html"})
final class DocsCommand extends LocalCommand {
    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Where to write it; made if it is not there.")
    private Path out = Path.of("");

    DocsCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        Collection<DocsFile> files = Manual.site().all();
        for (DocsFile file : files) {
            Path target = out.resolve(file.path());
            try {
                Files.createDirectories(target.toAbsolutePath().getParent());
                Files.write(target, file.bytes());
            } catch (IOException e) {
                throw CliException.refused(
                        "file",
                        "cannot write " + target + ": " + e.getMessage() + ". Choose another folder with --out.");
            }
        }
        Path first = out.resolve(DocsSite.INDEX);
        print(
                json
                        ? JsonText.object(object -> {
                            object.writeNumberProperty("files", files.size());
                            object.writeStringProperty("index", first.toString());
                        })
                        : files.size() + " files. Open " + first);
        return ExitCode.DONE;
    }
}
