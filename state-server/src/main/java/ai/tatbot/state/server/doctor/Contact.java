package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import ai.tatbot.state.client.internal.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to Redis, step by step, so that the step that fails can be named: names, ports, TLS, login. Each step is made when it is
 * first asked for, and once.
 */
final class Contact implements AutoCloseable {
    private static final String NO_CONNECTION = "no connection";

    private final StateOptions options;
    private final List<Address> servers;
    private @Nullable List<Name> names;
    private @Nullable List<Port> ports;
    private @Nullable Login login;

    Contact(StateOptions options) {
        this.options = options;
        this.servers = options.sentinels().isEmpty()
                ? List.of(new Address(options.host(), options.port()))
                : options.sentinels();
    }

    /** Those that are to be reached first: the Redis, or its sentinels. */
    List<Address> servers() {
        return servers;
    }

    /** What their names mean. May take as long as the system's resolver. */
    List<Name> names() {
        List<Name> known = names;
        if (known == null) {
            known = servers.stream().map(Contact::resolve).toList();
            names = known;
        }
        return known;
    }

    private static Name resolve(Address server) {
        long begin = System.nanoTime();
        try {
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(server.host()));
            return new Name(server, addresses, System.nanoTime() - begin);
        } catch (UnknownHostException e) {
            return new Name(server, List.of(), System.nanoTime() - begin);
        }
    }

    /** Whether somebody listens at their ports. @throws NotCheckedException if no name has an address */
    List<Port> ports() {
        List<Port> known = ports;
        if (known == null) {
            if (names().stream().allMatch(name -> name.addresses.isEmpty())) {
                throw new NotCheckedException(NO_CONNECTION);
            }
            known = names().stream()
                    .filter(name -> !name.addresses.isEmpty())
                    .map(this::knock)
                    .toList();
            ports = known;
        }
        return known;
    }

    private Port knock(Name name) {
        long begin = System.nanoTime();
        InetSocketAddress target = new InetSocketAddress(name.addresses.get(0), name.server.port());
        try (Socket socket = new Socket()) {
            socket.connect(target, Math.max(1, (int) options.connectTimeout().toMillis()));
            return new Port(name.server, target.getAddress(), System.nanoTime() - begin, null);
        } catch (IOException e) {
            return new Port(name.server, target.getAddress(), System.nanoTime() - begin, e);
        }
    }

    /** How Redis receives us. @throws NotCheckedException if no port is open */
    Login login() {
        Login known = login;
        if (known == null) {
            if (ports().stream().noneMatch(Port::isOpen)) {
                throw new NotCheckedException(NO_CONNECTION);
            }
            known = logIn();
            login = known;
        }
        return known;
    }

    private Login logIn() {
        long begin = System.nanoTime();
        try {
            RawConnection connection = RawConnection.open(options);
            return new Login(connection, null, Stage.DONE, System.nanoTime() - begin);
        } catch (StateException e) {
            return new Login(null, e, stage(e), System.nanoTime() - begin);
        }
    }

    /** The step to which a failure belongs. */
    private static Stage stage(StateException failure) {
        String message = String.valueOf(failure.getMessage());
        // Which of the two languages a port speaks has no reason of its own.
        if (RawConnection.isOfTls(failure) || message.contains(" speaks TLS") || message.contains(" speaks no TLS")) {
            return Stage.TLS;
        }
        return failure.reason() == Reason.DENIED ? Stage.LOGIN : Stage.CONNECTION;
    }

    /** @throws NotCheckedException if the way ended before TLS, or what came after it had to do with neither */
    void requireTlsTried() {
        if (login().stage == Stage.CONNECTION) {
            throw new NotCheckedException(NO_CONNECTION);
        }
    }

    /** The connection. @throws NotCheckedException if there is none */
    RawConnection connection() {
        RawConnection connection = login().connection;
        if (connection == null) {
            throw new NotCheckedException(
                    switch (login().stage) {
                        case TLS -> "no TLS";
                        case LOGIN -> "not logged in";
                        default -> NO_CONNECTION;
                    });
        }
        return connection;
    }

    /** Whether Redis was looked for and is not there, or is silent. */
    boolean isUnreachable() {
        if (names != null && names.stream().allMatch(name -> name.addresses.isEmpty())) {
            return true;
        }
        if (ports != null && ports.stream().noneMatch(Port::isOpen)) {
            return true;
        }
        Login known = login;
        StateException failure = known == null ? null : known.failureAt(Stage.CONNECTION);
        return failure != null && (failure.reason() == Reason.UNAVAILABLE || failure.reason() == Reason.TIMEOUT);
    }

    @Override
    public void close() {
        RawConnection connection = login == null ? null : login.connection;
        if (connection != null) {
            connection.close();
        }
    }

    /** Steps on the way. */
    enum Stage {
        CONNECTION,
        TLS,
        LOGIN,
        /** All of them were made. */
        DONE
    }

    /** What a name means; no addresses if nothing. */
    record Name(Address server, List<InetAddress> addresses, long nanos) {
        /** Whether it is an address already. */
        boolean isAddress() {
            return addresses.size() == 1
                    && (server.host().indexOf(':') >= 0 || server.host().matches("[0-9.]+"));
        }

        List<String> texts() {
            List<String> texts = new ArrayList<>();
            addresses.forEach(address -> texts.add(address.getHostAddress()));
            return texts;
        }
    }

    /** A port; {@code failure} is null if somebody listens. */
    record Port(
            Address server,
            InetAddress address,
            long nanos,
            @Nullable IOException failure) {
        boolean isOpen() {
            return failure == null;
        }
    }

    /** How we were received: either there is a connection or a failure, and the stage that failed. */
    record Login(
            @Nullable RawConnection connection, @Nullable StateException failure, Stage stage, long nanos) {
        /** The failure, if it belongs to this step. */
        @Nullable
        StateException failureAt(Stage wanted) {
            return stage == wanted ? failure : null;
        }
    }
}
