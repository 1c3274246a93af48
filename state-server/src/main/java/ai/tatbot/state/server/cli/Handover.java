package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.server.env.EnvFile;
import ai.tatbot.state.server.env.SecretFile;
import ai.tatbot.state.server.rights.Password;
import ai.tatbot.state.server.rights.Role;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a node gets its credentials. */
final class Handover {
    private static final String AUTHORITY = "ca.pem";
    private static final String SENTINEL_PASSWORD = "sentinel.password";

    @Nullable
    @Option(
            names = "--address",
            paramLabel = "HOST[:PORT]",
            description =
                    "How the node reaches this Redis. Without it: as this command does, a loopback address replaced by the"
                            + " name of this machine.")
    String address;

    @Nullable
    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description =
                    "Write NAME.env, NAME.password, ca.pem and, where the sentinels ask for one, sentinel.password into this folder,"
                            + " which is made if it is missing, readable by their owner only, instead of printing.")
    Path out;

    @Option(
            names = "--node-folder",
            paramLabel = "PATH",
            description = "Where the node will have these files. Without it: ${DEFAULT-VALUE}.")
    String nodeFolder = "/etc/tatbot";

    /** Before anything is changed, so that no password is made that cannot be handed over. */
    void check() {
        if (out != null) {
            try {
                SecretFile.folder(out);
                if (!Files.isWritable(out)) {
                    throw CliException.usage("--out: " + out + " cannot be written");
                }
            } catch (IOException e) {
                throw CliException.usage(
                        "--out: cannot make " + out + " (" + e.getClass().getSimpleName() + ")");
            }
        }
        if (address != null && !address.matches("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9_.-]+)(:[0-9]{1,5})?")) {
            throw CliException.usage("--address must be HOST or HOST:PORT");
        }
    }

    /** Prints or writes them. */
    void hand(UsersCommand command, String name, Role role, Password password) {
        hand(command, name, role, password, false);
    }

    /** Prints them, or writes the password: a node that has the other files may have changed them. */
    void handPassword(UsersCommand command, String name, Role role, Password password) {
        hand(command, name, role, password, true);
    }

    private void hand(UsersCommand command, String name, Role role, Password password, boolean onlyPassword) {
        StateOptions options = ConnectionOptions.build(command.options());
        Map<String, String> variables = variables(options, name, role, password);
        if (out != null) {
            SecretFile.write(out.resolve(name + ".password"), password.reveal() + "\n");
            if (!onlyPassword) {
                write(out, options, name, variables);
            }
            if (!command.json) {
                command.terminal()
                        .err()
                        .println(
                                onlyPassword
                                        ? "Copy " + out.resolve(name + ".password") + " to " + nodeFolder + " of "
                                                + name + "; then:  tatbot-state node rotate " + name + " --finish"
                                        : "Copy what is in " + out + " to " + nodeFolder + " of " + name
                                                + ", readable by its owner only, and let its programs start with "
                                                + nodeFolder + "/" + name + ".env.");
            }
        }
        if (command.json) {
            command.print(JsonText.object(json -> {
                json.writeStringProperty("name", name);
                json.writeStringProperty("role", role.name());
                json.writeObjectPropertyStart("env");
                variables.forEach(json::writeStringProperty);
                json.writeEndObject();
            }));
        } else if (out == null) {
            command.print("# " + name + ": " + role.title() + ". Keep this readable by its owner only (chmod 600).");
            command.terminal().out().print(EnvFile.format(variables));
            command.terminal()
                    .err()
                    .println(command.terminal()
                            .styled(
                                    "Keep it now: the password is not stored, and cannot be shown again.",
                                    Style.YELLOW));
        }
    }

    private Map<String, String> variables(StateOptions options, String name, Role role, Password password) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("REDIS_URL", url(options));
        if (!name.equals("default")) {
            variables.put("REDIS_USERNAME", name);
        }
        if (out == null) {
            variables.put("REDIS_PASSWORD", password.reveal());
        } else {
            variables.put("REDIS_PASSWORD_FILE", nodeFolder + "/" + name + ".password");
        }
        options.sentinelUsername().ifPresent(user -> variables.put("REDIS_SENTINEL_USERNAME", user));
        options.sentinelPassword().ifPresent(secret -> {
            if (out == null) {
                variables.put("REDIS_SENTINEL_PASSWORD", secret.reveal());
            } else {
                variables.put("REDIS_SENTINEL_PASSWORD_FILE", nodeFolder + "/" + SENTINEL_PASSWORD);
            }
        });
        if (options.tls() && options.tlsCaFile().isPresent()) {
            variables.put("REDIS_TLS_CA_FILE", nodeFolder + "/" + AUTHORITY);
        }
        if (!options.namespace().isEmpty()) {
            variables.put("STATE_NAMESPACE", options.namespace());
        }
        variables.put("STATE_NODE_ID", name);
        if (!role.name().equals("server")) {
            // It has not the right to end what others have left.
            variables.put("STATE_REAPER", "false");
        }
        return variables;
    }

    private String url(StateOptions options) {
        if (!options.sentinels().isEmpty()) {
            return (options.tls() ? "rediss-sentinel://" : "redis-sentinel://")
                    + options.sentinels().stream().map(Object::toString).collect(Collectors.joining(","))
                    + "/" + options.database() + "#" + options.primaryName().orElse("");
        }
        String to = address == null ? host(options.host()) : address;
        boolean hasPort = to.matches(".*[^:\\]]:[0-9]{1,5}|.*]:[0-9]{1,5}");
        String database = options.database() == 0 ? "" : "/" + options.database();
        return (options.tls() ? "rediss://" : "redis://") + to + (hasPort ? "" : ":" + options.port()) + database;
    }

    private static String host(String host) {
        if (!host.equals("localhost") && !host.startsWith("127.") && !host.equals("::1")) {
            return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine whose name nobody knows, itself included.
            return host;
        }
    }

    private void write(Path folder, StateOptions options, String name, Map<String, String> variables) {
        SecretFile.write(folder.resolve(name + ".env"), EnvFile.format(variables));
        options.sentinelPassword()
                .ifPresent(secret -> SecretFile.write(folder.resolve(SENTINEL_PASSWORD), secret.reveal() + "\n"));
        options.tlsCaFile().ifPresent(file -> {
            try {
                SecretFile.write(folder.resolve(AUTHORITY), Files.readString(file));
            } catch (IOException e) {
                throw CliException.refused(
                        "no_authority",
                        "cannot read the certificate authority " + file + " ("
                                + e.getClass().getSimpleName() + "); copy it to " + nodeFolder + "/" + AUTHORITY
                                + " of " + name
                                + " yourself");
            }
        });
    }
}
