package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateList;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.Shown;
import ai.tatbot.state.model.WireTime;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.show.Table;
import ai.tatbot.state.server.show.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Lists the keys that there are. */
@CommandLine.Command(
        name = "list",
        header = "List the keys that there are.",
        description = {
            "Finds the keys of older nodes too, by walking through the whole database, a few thousand keys a round trip."
                    + " Documents that do not fit their schema are listed with the reason."
        },
        footer = {
            "",
            "Examples:",
            "  tatbot-state list",
            "  tatbot-state list node:health:",
            "  tatbot-state list stroke:progress:stroke_hog --json",
        })
final class ListCommand extends Command {
    @Parameters(
            arity = "0..1",
            paramLabel = "PREFIX",
            defaultValue = "",
            description = "Only keys that begin with this.")
    String prefix = "";

    ListCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        List<KeyKind<?>> kinds = kinds(prefix);
        try (StateManager state = connect()) {
            Instant now = Instant.now();
            List<? extends Key<?>> keys = kinds.size() == 1 ? state.keys(kinds.get(0)) : state.keys();
            List<Line> lines = lines(
                    state,
                    keys.stream().filter(key -> key.name().startsWith(prefix)).toList());
            if (json) {
                lines.forEach(line -> print(line.json(now)));
            } else {
                show(lines, now);
            }
            return ExitCode.DONE;
        }
    }

    /** Kinds of which a key may begin so. */
    static List<KeyKind<?>> kinds(String prefix) {
        List<KeyKind<?>> kinds = Keys.all().stream()
                .filter(kind -> {
                    String fixed = kind.pattern().replace("*", "");
                    return fixed.startsWith(prefix)
                            || (prefix.startsWith(fixed) && fixed.endsWith(":") && prefix.matches("[A-Za-z0-9_.:-]*"));
                })
                .collect(Collectors.toList());
        if (kinds.isEmpty()) {
            throw CliException.usage("no key of the schema begins with " + Shown.text(prefix) + ". Keys are: "
                    + Keys.all().stream().map(KeyKind::template).sorted().collect(Collectors.joining(", ")) + ".");
        }
        return kinds;
    }

    /** One line for each key, by name; all documents are read at once. */
    @SuppressWarnings("unchecked") // a kind with a document field is a kind of documents
    private static List<Line> lines(StateManager state, List<? extends Key<?>> keys) {
        List<Line> lines = new ArrayList<>();
        List<Key<Document>> documents = new ArrayList<>();
        for (Key<?> key : keys) {
            if (key.kind().documentField().isPresent()) {
                documents.add((Key<Document>) key);
            } else {
                lines.add(new Line(key.name(), key.kind(), null, null, null));
            }
        }
        StateList<Document> read = state.getAll(documents);
        read.values()
                .forEach(value -> lines.add(
                        new Line(value.key().name(), value.key().kind(), value.rev(), value.lastUpdated(), null)));
        for (Problem problem : read.problems()) {
            Keys.parse(problem.source())
                    .ifPresent(key -> lines.add(new Line(key.name(), key.kind(), null, null, problem.message())));
        }
        lines.sort(Comparator.comparing(Line::key));
        return lines;
    }

    private void show(List<Line> lines, Instant now) {
        if (lines.isEmpty()) {
            print(prefix.isEmpty() ? "There are no keys yet." : "No key begins with " + Shown.text(prefix) + ".");
            return;
        }
        Table table = new Table("KEY", "KIND", "REVISION", "AGE", "");
        for (Line line : lines) {
            String kind = line.kind.name() + " (" + line.kind.redisType().name().toLowerCase(Locale.ROOT) + ")";
            String problem = line.invalid == null
                    ? ""
                    : terminal().styled("invalid: " + Text.safe(line.invalid, 120), Style.RED);
            table.row(
                    line.key,
                    kind,
                    line.revision == null ? "-" : line.revision.toString(),
                    line.lastUpdated == null ? "-" : Text.span(Line.age(line.lastUpdated, now)),
                    problem);
        }
        table.print(terminal());
        long invalid = lines.stream().filter(line -> line.invalid != null).count();
        print(terminal()
                .styled(
                        Text.count(lines.size(), "key") + (invalid == 0 ? "" : ", " + invalid + " invalid"),
                        Style.DIM));
    }

    private record Line(
            String key,
            KeyKind<?> kind,
            @Nullable Long revision,
            @Nullable Instant lastUpdated,
            @Nullable String invalid) {
        String json(Instant now) {
            return JsonText.object(out -> {
                out.writeStringProperty("key", key);
                out.writeStringProperty("kind", kind.name());
                out.writeStringProperty("type", kind.redisType().name().toLowerCase(Locale.ROOT));
                if (invalid != null) {
                    out.writeStringProperty("invalid", invalid);
                } else if (lastUpdated != null) {
                    JsonText.write(out, "rev", revision);
                    out.writeStringProperty("last_updated", WireTime.format(lastUpdated));
                    out.writeNumberProperty("age_ms", age(lastUpdated, now).toMillis());
                }
            });
        }

        static java.time.Duration age(Instant since, Instant now) {
            java.time.Duration age = java.time.Duration.between(since, now);
            return age.isNegative() ? java.time.Duration.ZERO : age;
        }
    }
}
