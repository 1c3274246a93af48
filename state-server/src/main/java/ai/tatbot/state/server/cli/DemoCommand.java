package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.SystemStatus;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.server.demo.Demo;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.http.StateServer;
import ai.tatbot.state.server.redis.PrivateRedis;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.show.Terminal;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Shows what the program is for, without a robot. */
@CommandLine.Command(
        name = "demo",
        header = "Play a robot that draws, and follow it live.",
        description = {
            "Shows it in the terminal, and on a page in the browser.",
            "Starts a Redis of its own (redis-server from the PATH, else a bundled one; loopback only, random password, gone"
                    + " afterwards), plays a tatbotlogo session as demo-hog, and follows it as demo-ook.",
            "Another Redis is used only if --redis names it, never because of the environment, and not while a session is"
                    + " executing there."
        },
        footer = {
            "",
            "With --chaos that Redis is killed, frozen and restarted every few seconds. The robot goes on, the view says how old it"
                    + " is, and no session's start, pause or end is lost.",
            "",
            "Examples:",
            "  tatbot-state demo                              until Ctrl-C",
            "  tatbot-state demo --once --strokes 3           one short session",
            "  tatbot-state demo --once --json | tail -n 1    figures for a program",
            "  tatbot-state demo --chaos --seed 7             the same outages each time",
            "  tatbot-state demo --redis redis://eek          on another Redis",
        })
final class DemoCommand extends Command {
    /** How long the last words may take when the process is told to end. */
    private static final long LAST_WORDS_SECONDS = 3;

    /** Short enough to be typed again. */
    private static final int SEEDS = 1_000_000;

    @Option(
            names = "--strokes",
            paramLabel = "N",
            defaultValue = "10",
            description = "Strokes of a session. Default: 10.")
    int strokes;

    @Option(names = "--poses", paramLabel = "N", defaultValue = "108", description = "Poses of a stroke. Default: 108.")
    int poses;

    @Option(
            names = "--rate",
            paramLabel = "HZ",
            defaultValue = "60",
            description = "Poses a second, each of them stored and published. Default: 60.")
    double rate;

    @Option(
            names = "--once",
            description =
                    "End when the session has ended; exit code 1 if an event was lost or out of order. A position that"
                            + " a later one has made up for is conflated, not lost.")
    boolean once;

    @Option(names = "--force", description = "With --redis: even while a session is executing there.")
    boolean force;

    @Option(
            names = "--chaos",
            description = "Pull the plug of the private Redis every few seconds: kill it, freeze it, restart it.")
    boolean chaos;

    @Option(names = "--seed", paramLabel = "N", description = "With --chaos: the same faults again. Default: random.")
    @Nullable
    Long seed;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "TCP port of the page, on 127.0.0.1. Default: 8765, or any other while that is taken.")
    @Nullable
    Integer port;

    DemoCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() throws InterruptedException {
        require("--strokes", strokes, 1, 100_000);
        require("--poses", poses, 1, 100_000);
        require("--rate", rate, 0.1, 10_000);
        if (port != null) {
            require("--port", port, 0, 65_535);
        }
        if (connection.url == null) {
            if (force) {
                throw CliException.usage("--force goes with --redis: a private Redis has no session to disturb.");
            }
            if (connection.passwordFile != null) {
                throw CliException.usage("--password-file goes with --redis: a private Redis makes its own password.");
            }
            if (seed != null && !chaos) {
                throw CliException.usage("--seed goes with --chaos: nothing else is random.");
            }
            try (PrivateRedis redis =
                    chaos ? PrivateRedis.startWithData(environment()) : PrivateRedis.start(environment())) {
                introduce("private Redis at " + redis.address() + " (" + redis.origin() + ")");
                follow(redis);
                Demo demo = demo(() -> namespaced(redis.options()));
                if (chaos) {
                    long chosen = seed == null ? new SecureRandom().nextInt(SEEDS) : seed;
                    say("chaos, seed " + chosen);
                    demo.pullPlugOf(redis, chosen);
                }
                return play(demo, serve(namespaced(redis.options())));
            }
        }
        if (chaos || seed != null) {
            throw CliException.usage("--chaos needs a private Redis, whose plug may be pulled; leave out --redis.");
        }
        StateOptions options = ConnectionOptions.build(options());
        refuseToDisturb(options);
        introduce("Redis at " + options.address());
        return play(demo(this::options), serve(options()));
    }

    /** The same server as {@code serve}, on the same Redis. */
    private StateServer serve(StateOptions.Builder redis) {
        StateOptions.Builder options = quiet(redis.nodeId(ServeCommand.NODE));
        if (port != null) {
            return StateServer.start(options, ServerOptions.loopback(port), Manual::site);
        }
        try {
            return StateServer.start(options, ServerOptions.loopback(ServerOptions.DEFAULT_PORT), Manual::site);
        } catch (StateException e) {
            if (e.reason() == Reason.CONFLICT) {
                return StateServer.start(options, ServerOptions.loopback(0), Manual::site);
            }
            throw e;
        }
    }

    private void introducePage(StateServer page) {
        if (json) {
            say("page at " + page.url());
        } else {
            print("Open " + terminal().styled(page.url(), Style.BOLD) + " to see it in a browser.");
        }
    }

    private StateOptions.Builder namespaced(StateOptions.Builder options) {
        return connection.namespace == null ? options : options.namespace(connection.namespace);
    }

    private void refuseToDisturb(StateOptions options) {
        if (force) {
            return;
        }
        try (StateManager state = StateManager.connect(options)) {
            SystemStatus status = state.systemStatusOfAllNodes();
            if (status.currentSession().isPresent()) {
                Versioned<StrokeProgress> session = status.currentSession().get();
                throw CliException.refused(
                        "busy",
                        "session " + session.key().id() + " of "
                                + session.value().nodeId() + " is executing at "
                                + options.address() + " (stroke "
                                + (session.value().strokeIdx() + 1) + " of "
                                + session.value().totalStrokes()
                                + "); the demo would disturb those who watch it. Leave out --redis for a private Redis, wait"
                                + " until it has ended, or use --force.");
            }
        }
    }

    private Demo demo(Supplier<StateOptions.Builder> options) {
        return new Demo(quiet(options.get()), quiet(options.get()), strokes, poses, rate, once);
    }

    /** Closes the server in the end. */
    private ExitCode play(Demo demo, StateServer page) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        Thread onSignal = new Thread(() -> {
            demo.stop();
            try {
                over.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            try (page) {
                introducePage(page);
                @Nullable Terminal shown = json ? null : terminal();
                boolean sound = demo.run(shown, report -> {
                    if (json) {
                        print(report.json());
                    }
                });
                return sound ? ExitCode.DONE : ExitCode.FAILED;
            }
        } finally {
            over.countDown();
        }
    }

    /** What goes wrong in the background shows in the picture, which a log line would tear; in chaos it is what was asked for. */
    private StateOptions.Builder quiet(StateOptions.Builder options) {
        return chaos || (terminal().interactive() && !json) ? options.problemListener(problem -> {}) : options;
    }

    private void introduce(String where) {
        if (!json) {
            print(terminal().styled("tatbot-state demo", Style.BOLD) + "  " + where);
        }
    }

    /** What a program reads stays free of it. */
    private void say(String line) {
        if (json) {
            terminal().err().println(JsonText.object(out -> out.writeStringProperty("notice", line)));
        } else {
            print(line);
        }
    }

    private void follow(PrivateRedis redis) {
        if (!json && terminal().interactive()) {
            print(terminal().styled("Ctrl-C ends it. To listen from another terminal:", Style.DIM));
            print(terminal().styled("  tatbot-state watch --redis redis://" + redis.address() + " \\", Style.DIM));
            print(terminal().styled("    --password-file " + redis.passwordFile(), Style.DIM));
            print("");
        }
    }

    private static void require(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw CliException.usage(
                    name + " must be from " + plain(least) + " to " + plain(most) + ", was " + plain(value));
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
