package ai.tatbot.state.client;

import ai.tatbot.state.model.Keys;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads options from environment variables. Empty counts as not set. */
final class Environment {
    private static final Logger LOG = LoggerFactory.getLogger(Environment.class);
    private static final Duration LONGEST_HEARTBEAT =
            Keys.NODE_HEALTH.ttl().orElseThrow().dividedBy(2);

    private final Map<String, String> variables;
    private final StateOptions.Builder options = StateOptions.builder();

    private Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    static StateOptions.Builder read(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        StateOptions.Builder options = environment.options;
        environment.text("REDIS_HOST", options::host);
        environment.number("REDIS_PORT", options::port);
        environment.number("REDIS_DB", options::database);
        environment.text("REDIS_USERNAME", options::username);
        environment.text("REDIS_PASSWORD_FILE", file -> options.passwordFile(path(file)));
        environment.text("REDIS_PASSWORD", options::password);
        // The newer way wins where both are set.
        environment.text("REDIS_URL", options::url);
        environment.text("REDIS_SENTINEL_USERNAME", options::sentinelUsername);
        environment.text("REDIS_SENTINEL_PASSWORD_FILE", file -> options.sentinelPasswordFile(path(file)));
        environment.text("REDIS_SENTINEL_PASSWORD", options::sentinelPassword);
        environment.text("REDIS_TLS_CA_FILE", file -> options.tlsCaFile(path(file)));
        environment.pair("REDIS_TLS_CERT_FILE", "REDIS_TLS_KEY_FILE", options::tlsClientCertificate);
        environment.text("STATE_NODE_ID", options::nodeId);
        environment.text("STATE_NAMESPACE", options::namespace);
        environment.seconds("STATE_CONNECTION_TIMEOUT", options::connectTimeout);
        environment.seconds("STATE_TIMEOUT", options::timeout);
        environment.seconds("STATE_REPLICA_TIMEOUT", options::replicaTimeout);
        environment.number("STATE_REPLICAS", options::replicas);
        environment.seconds(
                "STATE_HEARTBEAT_INTERVAL", value -> options.heartbeatInterval(atMost(value, LONGEST_HEARTBEAT)));
        environment.seconds("STATE_ABANDONED_AFTER", options::abandonedAfter);
        environment.flag("STATE_REAPER", options::reaping);
        environment.number("STATE_RETRY_ATTEMPTS", options::retryAttempts);
        environment.seconds("STATE_RETRY_DELAY", options::maxRetryDelay);
        environment.number("REDIS_MAX_CONNECTIONS", options::maxConnections);
        return options;
    }

    private void text(String name, Consumer<String> target) {
        String value = variables.get(name);
        if (value != null && !value.isBlank()) {
            try {
                target.accept(value);
                // Every range is checked at once, while it is known which variable it was.
                options.build();
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
            }
        }
    }

    /** Two files that only make sense together. */
    private void pair(String first, String second, BiConsumer<Path, Path> target) {
        String other = variables.getOrDefault(second, "");
        if (other.isBlank() == variables.getOrDefault(first, "").isBlank()) {
            text(first, file -> target.accept(path(file), path(other)));
        } else {
            throw new IllegalArgumentException(first + " and " + second + " need each other; only one of them is set");
        }
    }

    private static Path path(String file) {
        try {
            return Path.of(file.strip());
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be the name of a file", e);
        }
    }

    private void number(String name, IntConsumer target) {
        text(name, value -> {
            double number = parse(value);
            if (number != Math.rint(number)) {
                throw new IllegalArgumentException("must be a whole number");
            }
            target.accept((int) number);
        });
    }

    private void flag(String name, Consumer<Boolean> target) {
        text(name, value -> {
            switch (value.strip().toLowerCase(Locale.ROOT)) {
                case "true" -> target.accept(true);
                case "false" -> target.accept(false);
                default -> throw new IllegalArgumentException("must be true or false");
            }
        });
    }

    private void seconds(String name, Consumer<Duration> target) {
        text(name, value -> target.accept(Duration.ofNanos((long) (parse(value) * 1e9))));
    }

    /** Older nodes may be set to more than a heartbeat of ours lives; that must not keep a node from starting. */
    private static Duration atMost(Duration value, Duration most) {
        if (value.compareTo(most) <= 0) {
            return value;
        }
        LOG.warn(
                "STATE_HEARTBEAT_INTERVAL is {} s; {} s are used, since a heartbeat must come twice in its lifetime",
                value.toSeconds(),
                most.toSeconds());
        return most;
    }

    private static double parse(String value) {
        try {
            double number = Double.parseDouble(value.strip());
            if (number >= 0 && number <= Integer.MAX_VALUE) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, the same way as for a number out of range.
        }
        throw new IllegalArgumentException("must be a number that is not negative");
    }
}
