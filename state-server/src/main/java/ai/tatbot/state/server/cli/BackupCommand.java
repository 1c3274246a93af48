package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.internal.KeyCopies;
import ai.tatbot.state.model.WireTime;
import ai.tatbot.state.server.backup.Backup;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.ProgressLine;
import ai.tatbot.state.server.show.Text;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Makes a backup. Its Redis user needs, on all keys of the namespace, or of the schema where there is none: {@code PING}, {@code
 * INFO}, {@code TIME}, {@code DBSIZE}, {@code SCAN}, {@code MULTI}, {@code EXEC}, {@code DUMP}, {@code PTTL}.
 */
@CommandLine.Command(
        name = "backup",
        header = "Copy every key into a file.",
        description = {
            "Every key of the namespace or, where there is none, of the schema: documents, histories, the log, also what older"
                    + " nodes have written. Each key is whole, with its revision and the moment at which it expires; the robots go on"
                    + " meanwhile, so keys may be of different moments.",
            "The file is readable by its owner only. It has its name once it is whole."
        },
        footer = {
            "",
            "Examples:",
            "  tatbot-state backup tatbot.backup",
            "  tatbot-state backup \"$(date +%%F).backup\" --redis rediss://admin@eek \\",
            "    --password-file /etc/tatbot/admin-password",
        })
final class BackupCommand extends Command {
    @Parameters(index = "0", paramLabel = "FILE", description = "File to be made.")
    @Nullable
    Path file;

    @Option(names = "--replace", description = "Replace a file of that name, once the new one is whole.")
    boolean replace;

    BackupCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        Path target = file == null ? Path.of("") : file;
        StateOptions options = ConnectionOptions.build(options());
        Backup.Made made;
        try (KeyCopies redis = KeyCopies.connect(options);
                ProgressLine progress = new ProgressLine(terminal(), "copying", !json)) {
            made = new Backup(redis, progress::at).write(target, options.namespace(), options.database(), replace);
        }
        print(json ? json(target, made) : text(target, made, options.address()));
        return ExitCode.DONE;
    }

    private static String json(Path target, Backup.Made made) {
        return JsonText.object(out -> {
            out.writeStringProperty("file", target.toString());
            out.writeNumberProperty("keys", made.keys());
            out.writeNumberProperty("bytes", made.bytes());
            out.writeStringProperty("taken_at", WireTime.format(made.header().taken()));
            out.writeStringProperty("redis", made.header().redis());
        });
    }

    private static String text(Path target, Backup.Made made, String address) {
        return target + ": " + Text.count(made.keys(), "key") + " of "
                + Text.safe(made.header().redis(), 40) + " at " + address + ", " + made.bytes() + " bytes";
    }
}
