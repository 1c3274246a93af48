package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateOptions;

/** Whether the variables and options can be used at all. */
final class ConfigurationCheck extends Check {
    ConfigurationCheck() {
        super(Part.NODE, "configuration");
    }

    @Override
    Result examine(Examination examination) {
        try {
            StateOptions options = examination.builtOptions();
            return Result.ok("node " + options.nodeId() + "; Redis at " + options.address()
                            + (options.tls() ? " by TLS" : "")
                            + options.username()
                                    .map(user -> ", as user " + Words.safe(user))
                                    .orElse("")
                            + (options.namespace().isEmpty() ? "" : "; namespace " + options.namespace()))
                    .with("node", options.nodeId())
                    .with("redis", options.address())
                    .with("tls", options.tls())
                    .with("namespace", options.namespace());
        } catch (IllegalArgumentException e) {
            return Result.fail(
                    Words.safe(String.valueOf(e.getMessage())),
                    "Mend the variable or option that is named; ops/state.example.env describes all of them.");
        }
    }
}
