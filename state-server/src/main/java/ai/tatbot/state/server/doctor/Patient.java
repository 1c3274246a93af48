package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is to be examined.
 *
 * @param options gives, each time anew, the options by which this node reaches Redis; throws an {@link IllegalArgumentException}
 *     if they are wrong
 * @param isNode whether the options name a node; else a person asks, and the user that Redis knows says which node is meant
 * @param environment variables
 * @param secrets files that hold a password or a key
 * @param role the role that its rights are compared with; null to find out
 * @param deep whether to run a session under the scratch namespace
 * @param clock of this machine
 */
public record Patient(
        Supplier<StateOptions.Builder> options,
        boolean isNode,
        Map<String, String> environment,
        List<Path> secrets,
        @Nullable String role,
        boolean deep,
        InstantSource clock) {}
