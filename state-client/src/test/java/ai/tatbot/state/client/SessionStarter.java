package ai.tatbot.state.client;

import ai.tatbot.state.client.faultkit.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A process of its own that starts as many sessions as it is told, once a line comes in, and prints their ids. */
final class SessionStarter {
    private SessionStarter() {}

    public static void main(String[] arguments) throws IOException {
        try (StateManager state =
                StateManager.connect(StateOptions.fromEnvironment().build())) {
            System.out.println("ready");
            if (System.in.read() < 0) {
                return;
            }
            StringBuilder ids = new StringBuilder();
            for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                ids.append(state.startStrokeSession(Samples.tattoo()).id()).append('\n');
            }
            System.out.write(ids.toString().getBytes(StandardCharsets.UTF_8));
            System.out.flush();
        }
    }
}
