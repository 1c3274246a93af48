package ai.tatbot.state.server;

import ai.tatbot.state.server.cli.CommandLineProgram;
import ai.tatbot.state.server.cli.Context;
import ai.tatbot.state.server.show.Terminal;
import java.util.Arrays;
import java.util.Map;

/** The program. */
public final class TatbotState {
    private TatbotState() {}

    public static void main(String[] arguments) {
        if (Arrays.asList(arguments).contains("--verbose")) {
            // Before the first logger is made; logback.xml reads it.
            System.setProperty("tatbot.log.level", "DEBUG");
            System.setProperty("tatbot.log.libraries", "INFO");
        }
        Map<String, String> environment = System.getenv();
        Context context = new Context(environment, Terminal.ofProcess(environment), System.in);
        System.exit(CommandLineProgram.run(context, arguments));
    }
}
