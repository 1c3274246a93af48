package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.Shown;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one key. */
@CommandLine.Command(
        name = "get",
        header = "Show what is stored under a key.",
        description = {
            "Shows the value with its revision and age. A document that does not fit its schema is not shown, but why is.",
            "Of a stream, the last entries are shown."
        },
        footer = {
            "",
            "Keys:",
            "  robot:state:{node_id}                where a robot's arms are",
            "  stroke:progress:{session_id}         how far a stroke session is",
            "  node:health:{node_id}                a node's last heartbeat",
            "  stream:stroke_history:{session_id}   the positions of a session",
            "  events:log                           every transition, of the whole fleet",
            "  index:nodes, index:sessions          ids that are known",
            "",
            "Examples:",
            "  tatbot-state get robot:state:hog",
            "  tatbot-state get node:health:eek --json",
            "  tatbot-state get events:log --last 5",
        })
final class GetCommand extends Command {
    @Parameters(paramLabel = "KEY", description = "The key, without the namespace.")
    String key = "";

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "20",
            description = "Of a stream, how many entries. Default: 20.")
    int last;

    GetCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        Key<?> parsed = parse(key);
        if (last < 1 || last > 10_000) {
            throw CliException.usage("--last must be from 1 to 10000, was " + last);
        }
        try (StateManager state = connect()) {
            StoredKey stored = StoredKey.read(state, parsed, last)
                    .orElseThrow(() -> CliException.notFound("there is no " + parsed + " at "
                            + state.options().address() + ". See what there is: tatbot-state list"));
            if (json) {
                print(KeyView.json(stored));
            } else {
                KeyView.print(stored, terminal());
            }
            return ExitCode.DONE;
        }
    }

    static Key<?> parse(String key) {
        return Keys.parse(key)
                .orElseThrow(() -> CliException.usage(Shown.text(key) + " is no key of the schema. Keys are: "
                        + Keys.all().stream().map(KeyKind::template).sorted().collect(Collectors.joining(", "))
                        + "; ids are letters, digits, _, . and -."));
    }
}
