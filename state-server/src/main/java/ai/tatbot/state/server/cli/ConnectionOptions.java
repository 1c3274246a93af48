package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.server.env.EnvFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Redis, and as whom. */
final class ConnectionOptions {
    /** Name of a node that is none of the fleet: a person at a keyboard. */
    static final String CLI_NODE = "cli";

    /** Variables that say which Redis, or as whom; one is enough, for the rest have defaults. */
    private static final Set<String> NAMING = Set.of(
            "REDIS_URL",
            "REDIS_HOST",
            "REDIS_PORT",
            "REDIS_DB",
            "REDIS_USERNAME",
            "REDIS_PASSWORD",
            "REDIS_PASSWORD_FILE");

    private static final Pattern WITH_PASSWORD = Pattern.compile("^[^:]*://[^@]*:[^@]*@.*", Pattern.DOTALL);

    @Nullable
    @Option(
            names = "--redis",
            paramLabel = "URL",
            description = {
                "The Redis to use: redis://[user@]host[:port][/database], or rediss:// for TLS. Without it: REDIS_URL,"
                        + " or REDIS_HOST and REDIS_PORT.",
                "A password is not taken here, where every user of the machine sees it. It comes from REDIS_PASSWORD,"
                        + " REDIS_PASSWORD_FILE, --password-file, or the URL in REDIS_URL."
            })
    String url;

    @Nullable
    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password. Read again once it has changed.")
    Path passwordFile;

    @Nullable
    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "Prefix of every key and channel. Without it: STATE_NAMESPACE, or none.")
    String namespace;

    @Nullable
    @Option(
            names = "--env",
            paramLabel = "FILE",
            description =
                    "A node's .env, whose variables stand in for those of the environment: tatbot-state node add makes one.")
    Path envFile;

    /** Whether the command line or the environment names a Redis. */
    boolean isGiven(Map<String, String> environment) {
        return url != null
                || envFile != null
                || NAMING.stream()
                        .anyMatch(name -> !environment.getOrDefault(name, "").isBlank());
    }

    /** Files named on the command line that hold a secret. */
    List<Path> secrets() {
        return Stream.of(passwordFile, envFile).filter(Objects::nonNull).toList();
    }

    /** The variables of the environment, and in place of them those of the file that is named. */
    Map<String, String> variables(Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        if (envFile != null) {
            Map<String, String> given = read(envFile);
            if (NAMING.stream().anyMatch(given::containsKey)) {
                // Whoever names one Redis must not end up at half of another.
                variables.keySet().removeIf(name -> name.startsWith("REDIS_"));
            }
            variables.putAll(given);
        }
        return variables;
    }

    /** Options from the command line, and from the environment what it leaves open. */
    StateOptions.Builder resolve(Map<String, String> environment) {
        Map<String, String> variables = variables(environment);
        variables.putIfAbsent("STATE_NODE_ID", CLI_NODE);
        if (url != null) {
            // Whoever names one Redis must not end up at half of another.
            variables.keySet().removeAll(Set.of("REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_DB"));
        }
        try {
            StateOptions.Builder options = StateOptions.fromEnvironment(variables);
            if (url != null) {
                if (WITH_PASSWORD.matcher(url).matches()) {
                    throw CliException.usage(
                            "--redis takes no password: the process list and the shell's history would show it."
                                    + " Put it into REDIS_PASSWORD, into a file named by --password-file, or into the URL in REDIS_URL.");
                }
                options.url(url);
            }
            if (passwordFile != null) {
                readPassword(options, passwordFile);
            }
            if (namespace != null) {
                options.namespace(namespace);
            }
            return options;
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }

    /** Options, checked. */
    static StateOptions build(StateOptions.Builder options) {
        try {
            return options.build();
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> read(Path file) {
        try {
            return EnvFile.parse(Files.readString(file));
        } catch (IOException e) {
            throw CliException.usage("--env: cannot read " + file + " ("
                    + e.getClass().getSimpleName().replace("Exception", "") + ")");
        } catch (IllegalArgumentException e) {
            throw CliException.usage("--env: " + file + ": " + e.getMessage());
        }
    }

    private static void readPassword(StateOptions.Builder options, Path file) {
        try {
            options.passwordFile(file);
        } catch (IllegalArgumentException e) {
            throw CliException.usage("--password-file: " + e.getMessage());
        }
    }
}
