package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.model.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether the nodes run the same version of the client: an upgrade that was not finished. */
final class SoftwareVersionsCheck extends Check {
    private static final JsonMapper JSON = new JsonMapper();

    SoftwareVersionsCheck() {
        super(Part.FLEET, "software versions");
    }

    @Override
    Result examine(Examination examination) {
        List<String> nodes = examination.fleet().status().nodes().stream()
                .filter(node -> node.health() != null)
                .map(SystemStatus.Node::id)
                .toList();
        List<List<String>> questions = nodes.stream()
                .map(node ->
                        List.of("HGET", examination.named(Keys.nodeHealth(node).name()), "health"))
                .toList();
        List<@Nullable Object> answers =
                questions.isEmpty() ? List.of() : examination.askAll("asking for the versions", questions);
        Map<String, List<String>> versions = new TreeMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            String node = nodes.get(i);
            version(answers.get(i))
                    .ifPresent(version -> versions.computeIfAbsent(version, any -> new ArrayList<>())
                            .add(node));
        }
        if (versions.isEmpty()) {
            return Result.ok("no node says which it runs");
        }
        List<String> texts = versions.entrySet().stream()
                .map(entry -> entry.getKey() + " on " + Words.some(entry.getValue(), 5))
                .toList();
        return (versions.size() == 1
                        ? Result.ok(texts.get(0))
                        : Result.warn(
                                Words.some(texts, 4),
                                "Finish the upgrade: give all nodes the same version. They work together, but what is new does not work"
                                        + " everywhere."))
                .with("versions", List.copyOf(versions.keySet()));
    }

    private static Optional<String> version(@Nullable Object health) {
        if (!(health instanceof String json)) {
            return Optional.empty();
        }
        try {
            JsonNode version = JSON.readTree(json).path("software_version");
            return version.isString() && !version.asString().isBlank()
                    ? Optional.of(Words.safe(version.asString()))
                    : Optional.empty();
        } catch (JacksonException e) {
            // See the line on documents.
            return Optional.empty();
        }
    }
}
