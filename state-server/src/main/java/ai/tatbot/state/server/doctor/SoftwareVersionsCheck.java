package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether the nodes run the same version of the client: an upgrade that was not finished. */
final class SoftwareVersionsCheck extends Check {
    SoftwareVersionsCheck() {
        super(Part.FLEET, "software versions");
    }

    @Override
    Result examine(Examination examination) {
        Map<String, List<String>> versions = new TreeMap<>();
        for (SystemStatus.Node node : examination.fleet().status().nodes()) {
            Versioned<NodeHealth> health = node.health();
            String version = health == null ? null : health.value().softwareVersion();
            if (version != null) {
                versions.computeIfAbsent(Words.safe(version), any -> new ArrayList<>())
                        .add(node.id());
            }
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
}
