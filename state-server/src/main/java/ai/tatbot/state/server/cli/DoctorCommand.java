package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.model.Shown;
import ai.tatbot.state.server.doctor.Doctor;
import ai.tatbot.state.server.doctor.Patient;
import ai.tatbot.state.server.doctor.Report;
import ai.tatbot.state.server.doctor.ReportJson;
import ai.tatbot.state.server.doctor.ReportPrinter;
import ai.tatbot.state.server.doctor.Verdict;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Says what is wrong, and what to do. */
@CommandLine.Command(
        name = "doctor",
        header = "Find out what is wrong with this node's way to the state, and what to do.",
        description = {
            "Looks at one thing after the other: this node's configuration and secrets; the way to Redis, its TLS and how long"
                    + " that is valid; as whom this node is let in, and whether its rights are those of its role; the version of"
                    + " Redis, its persistence and memory; how fast it answers, how far the clocks are apart, whether messages"
                    + " really arrive; and the nodes, sessions, documents and events of the fleet.",
            "",
            "Each gives a line: OK; WARN, what works and should be mended; FAIL, what does not work or is open to strangers. Below"
                    + " a WARN or FAIL stands what to do. What this user has no right to see is listed as not checked.",
            "",
            "It changes nothing in the fleet's state, takes some seconds, and ends in bounded time whatever Redis does.",
            "",
        },
        footer = {
            "",
            "Examples:",
            "  tatbot-state doctor                     as this node, from its environment",
            "  tatbot-state doctor --deep              and a whole session, apart from all",
            "  tatbot-state doctor --json --strict     for a timer or a monitor",
            "",
            "Exit codes: 0 nothing failed (with --strict: and no warning), 1 something failed, 2 wrong usage or configuration,"
                    + " 3 Redis cannot be reached.",
        })
final class DoctorCommand extends Command {
    @Option(
            names = "--deep",
            description = "Run a whole session, too: start, updates, pause, end, viewers, publisher, heartbeat. Under a"
                    + " namespace of its own, doctor_{node_id}, of which nothing is left. Some five seconds.")
    boolean deep;

    @Nullable
    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "Compare this user's rights with those of this role: node, robot, server, python or admin."
                    + " Without it: the one that they come closest to.")
    String role;

    @Option(names = "--strict", description = "Exit with 1 for a warning, too.")
    boolean strict;

    DoctorCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() {
        if (role != null && !Doctor.roles().contains(role)) {
            throw CliException.usage(
                    "--role must be one of " + String.join(", ", Doctor.roles()) + ", was " + Shown.text(role));
        }
        Map<String, String> variables = connection.variables(environment());
        Patient patient = new Patient(
                this::resolved,
                !variables.getOrDefault("STATE_NODE_ID", "").isBlank(),
                variables,
                connection.secrets(),
                role,
                deep,
                InstantSource.system());
        Report report;
        if (json) {
            report = Doctor.examine(patient, finding -> {});
            print(ReportJson.of(report));
        } else {
            ReportPrinter printer = new ReportPrinter(terminal());
            report = Doctor.examine(patient, printer::print);
            printer.printEnd(report);
        }
        return exit(report);
    }

    /** Here wrong options are something to be found. */
    private StateOptions.Builder resolved() {
        try {
            return options();
        } catch (CliException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private ExitCode exit(Report report) {
        if (!report.isConfigured()) {
            return ExitCode.USAGE;
        }
        if (report.unreachable()) {
            return ExitCode.UNAVAILABLE;
        }
        boolean bad = report.worst() == Verdict.FAIL || (strict && report.worst() == Verdict.WARN);
        return bad ? ExitCode.FAILED : ExitCode.DONE;
    }
}
