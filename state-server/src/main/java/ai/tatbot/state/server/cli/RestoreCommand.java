package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.internal.KeyCopies;
import ai.tatbot.state.model.WireTime;
import ai.tatbot.state.server.backup.Restore;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.ProgressLine;
import ai.tatbot.state.server.show.Text;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Restores a backup. Its Redis user needs, on all keys of the namespace, or of the schema where there is none: {@code PING}, {@code
 * TIME}, {@code EXISTS}, {@code RESTORE}; and {@code RESTORE} on keys that begin with {@code restore-check:}, none of which is made.
 */
@CommandLine.Command(
        name = "restore",
        header = "Write the keys of a backup back.",
        description = {
            "First the whole file is checked, and Redis asked whether it can take each key. If anything is wrong, or a key exists"
                    + " already, nothing is written. Then each key is as it was: content, revision, and the moment at which it expires."
                    + " What has expired since the backup was made stays away, so that nothing old looks alive.",
            "Stop the nodes first: what they write meanwhile may be overwritten, or keep a key from being restored."
        },
        footer = {
            "",
            "Examples:",
            "  tatbot-state restore tatbot.backup --dry-run",
            "  tatbot-state restore tatbot.backup --redis rediss://admin@eek \\",
            "    --password-file /etc/tatbot/admin-password",
        })
final class RestoreCommand extends Command {
    @Parameters(index = "0", paramLabel = "FILE", description = "A file that backup has made.")
    @Nullable
    Path file;

    @Option(names = "--replace", description = "Overwrite keys that exist already. Others are left as they are.")
    boolean replace;

    @Option(names = "--dry-run", description = "Check everything, and write nothing.")
    boolean dryRun;

    RestoreCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        Path source = file == null ? Path.of("") : file;
        StateOptions options = ConnectionOptions.build(options());
        Restore.Done done;
        try (KeyCopies redis = KeyCopies.connect(options);
                ProgressLine progress = new ProgressLine(terminal(), dryRun ? "checking" : "restoring", !json)) {
            done = new Restore(redis, progress::at).read(source, options.namespace(), replace, dryRun);
        }
        print(json ? json(source, done) : text(source, done));
        return done.left() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }

    private String json(Path source, Restore.Done done) {
        return JsonText.object(out -> {
            out.writeStringProperty("file", source.toString());
            out.writeStringProperty("taken_at", WireTime.format(done.header().taken()));
            out.writeStringProperty("redis", done.header().redis());
            out.writeBooleanProperty("dry_run", dryRun);
            out.writeNumberProperty("keys", done.keys());
            out.writeNumberProperty("written", done.written());
            out.writeNumberProperty("expired", done.expired());
            out.writeNumberProperty("existing", done.existing());
            out.writeNumberProperty("left", done.left());
        });
    }

    private String text(Path source, Restore.Done done) {
        StringBuilder text = new StringBuilder(source + ", made "
                + WireTime.format(done.header().taken()) + " of "
                + Text.safe(done.header().redis(), 40) + ": ");
        if (dryRun) {
            text.append(Text.count(done.keys() - done.expired(), "key")).append(" would be written");
        } else {
            text.append(Text.count(done.written(), "key")).append(" written");
        }
        if (done.existing() > 0) {
            text.append(", ").append(done.existing()).append(" of them over those that there were");
        }
        if (done.expired() > 0) {
            text.append("; ").append(done.expired()).append(" had expired since, and stay away");
        }
        if (done.left() > 0) {
            text.append("; ").append(done.left()).append(" came into being meanwhile, and were left as they are");
        }
        return text.toString();
    }
}
