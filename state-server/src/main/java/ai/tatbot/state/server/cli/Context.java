package ai.tatbot.state.server.cli;

import ai.tatbot.state.server.show.Terminal;
import java.io.InputStream;
import java.util.Map;

/**
 * What a command gets from its process.
 *
 * @param environment variables
 * @param terminal where to write
 * @param in standard input
 */
public record Context(Map<String, String> environment, Terminal terminal, InputStream in) {}
