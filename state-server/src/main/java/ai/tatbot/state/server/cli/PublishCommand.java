package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Shown;
import ai.tatbot.state.server.operation.GivenEvent;
import ai.tatbot.state.server.show.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes one event. */
@CommandLine.Command(
        name = "publish",
        header = "Publish an event.",
        description = {
            "The event is checked against its channel's schema before anything is sent. timestamp and node_id are filled in if"
                    + " they are absent. A transition is also appended to events:log, and its id there printed.",
            "Positions and turns of sessions are better written with what they tell of, by the client: an event published"
                    + " here changes no document."
        },
        footer = {
            "",
            "Examples:",
            "  tatbot-state publish system:events '{\"type\": \"lamp\", \"data\": {\"on\": true}}'",
            "  tatbot-state publish error:events:robot \\",
            "    '{\"type\": \"error\", \"category\": \"robot\", \"message\": \"needle stuck\"}'",
            "  generate-event | tatbot-state publish system:events - --node ojo",
        })
final class PublishCommand extends Command {
    @Parameters(index = "0", paramLabel = "CHANNEL", description = "A channel of the schema.")
    String channel = "";

    @Parameters(
            index = "1",
            paramLabel = "JSON",
            description = "The event, one JSON object; - reads it from standard input.")
    String event = "";

    @Option(
            names = "--node",
            paramLabel = "NODE",
            description = "Node that sends it. Without it: STATE_NODE_ID, or cli.")
    @Nullable
    String node;

    PublishCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() throws IOException {
        Channel<? extends Event> target = Channels.parse(channel).orElseThrow(() -> noSuchChannel(channel));
        StateOptions.Builder builder = options();
        if (node != null) {
            builder.nodeId(node);
        }
        StateOptions options = ConnectionOptions.build(builder);
        GivenEvent given;
        try {
            given = GivenEvent.read(target, input(), options.nodeId());
        } catch (InvalidValueException e) {
            throw CliException.refused(
                    "invalid", "publishing on " + target + ": " + e.getMessage() + ". Nothing was published.");
        }
        try (StateManager state = StateManager.connect(options)) {
            Optional<String> id = Optional.ofNullable(given.publish(state).eventId());
            if (json) {
                print(JsonText.object(out -> {
                    out.writeStringProperty("channel", target.name());
                    out.writeStringProperty("type", given.type());
                    id.ifPresentOrElse(
                            value -> out.writeStringProperty("event_id", value),
                            () -> out.writeNullProperty("event_id"));
                }));
            } else {
                print(id.orElse("published; a position is not kept in events:log, so it has no id"));
            }
            return ExitCode.DONE;
        }
    }

    private byte[] input() throws IOException {
        return event.equals("-")
                ? context().in().readNBytes(GivenEvent.LONGEST + 1)
                : event.getBytes(StandardCharsets.UTF_8);
    }

    static CliException noSuchChannel(String name) {
        return CliException.usage(Shown.text(name) + " is no channel of the schema. Channels are: "
                + Channels.all().stream().map(ChannelKind::template).sorted().collect(Collectors.joining(", "))
                + "; ids are letters, digits, _, . and -.");
    }
}
