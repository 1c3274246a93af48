package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.server.show.Text;
import java.util.List;

/** Whether what is stored fits its schema. */
final class DocumentsCheck extends Check {
    DocumentsCheck() {
        super(Part.FLEET, "documents");
    }

    @Override
    Result examine(Examination examination) {
        Fleet fleet = examination.fleet();
        List<Problem> problems = fleet.problems();
        if (!problems.isEmpty()) {
            return Result.fail(
                            Words.some(
                                    problems.stream()
                                            .map(problem -> Words.safe(problem.source() + ": " + problem.message()))
                                            .toList(),
                                    3),
                            "Look at it with tatbot-state get KEY, and find the program that writes it. Viewers do not show it.")
                    .with("invalid", problems.size());
        }
        long documents = fleet.status().nodes().stream()
                        .mapToLong(node -> (node.health() == null ? 0 : 1) + (node.robot() == null ? 0 : 1))
                        .sum()
                + fleet.sessions().size();
        return Result.ok(Text.count(documents, "document") + ", each as its schema wants it")
                .with("documents", documents);
    }
}
