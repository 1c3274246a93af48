package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.server.doctor.Contact.Port;
import ai.tatbot.state.server.doctor.Contact.Stage;
import java.net.SocketTimeoutException;
import java.util.List;

/** Whether somebody listens, and whether it is a Redis that answers. */
final class ConnectionCheck extends Check {
    ConnectionCheck() {
        super(Part.CONNECTION, "connection");
    }

    @Override
    Result examine(Examination examination) {
        Contact contact = examination.contact();
        List<Port> ports = contact.ports();
        List<Port> closed = ports.stream().filter(port -> !port.isOpen()).toList();
        if (closed.size() == ports.size()) {
            return closed(closed.get(0), closed);
        }
        StateException failure = contact.login().failureAt(Stage.CONNECTION);
        if (failure != null) {
            return Result.fail(Words.of(failure), advice(failure.reason()));
        }
        Port first = ports.stream().filter(Port::isOpen).findFirst().orElseThrow();
        return Result.ok("connected to " + first.server() + " within " + Words.micros(first.nanos() / 1_000)
                        + (closed.isEmpty() ? "" : "; closed: " + texts(closed)))
                .with("microseconds", first.nanos() / 1_000);
    }

    private static Result closed(Port first, List<Port> all) {
        boolean silent = first.failure() instanceof SocketTimeoutException;
        return Result.fail(
                (silent ? "no answer from " : "nobody listens at ") + texts(all),
                silent
                        ? "Is that machine on, and on this network? A firewall may drop what is sent to this port."
                        : "Start Redis there (systemctl status redis-server), and let it listen on this address (bind), at this port.");
    }

    private static String texts(List<Port> ports) {
        return Words.some(ports.stream().map(port -> port.server().toString()).toList(), 3);
    }

    private static String advice(Reason reason) {
        return switch (reason) {
            case TIMEOUT ->
                "Redis or its machine is frozen, or the network loses what it sends back. Look at that machine; restart Redis"
                        + " there if it is stopped.";
            case BUSY -> "Wait until it is ready, and try again.";
            case MISCONFIGURED -> "Correct REDIS_URL, or REDIS_HOST and REDIS_PORT.";
            default -> "Look at the log of Redis and at the network.";
        };
    }
}
