package ai.tatbot.state.server.http.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.TokenStore;
import ai.tatbot.state.server.http.ServerOptions;
import ai.tatbot.state.server.testkit.RawHttp;
import ai.tatbot.state.server.testkit.RequestText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many connections there may be. */
class ConnectionsIT {
    @TempDir
    Path folder;

    private static boolean isServed(RawHttp http, RequestText request) {
        return http.trySend(request.text())
                && http.tryAnswer().map(answer -> answer.status() == 200).orElse(false);
    }

    @Test
    void whenAllAreTakenOthersWaitUntilOneIsFree() {
        try (GuardedServer server = GuardedServer.start(ServerOptions.builder().maxConnections(20))) {
            RequestText health = new RequestText(server.port(), "GET /healthz");
            List<RawHttp> open = new ArrayList<>();
            try {
                for (int i = 0; i < 20; i++) {
                    open.add(RawHttp.connect(server.port()));
                    assertThat(isServed(open.get(i), health)).isTrue();
                }
                RawHttp late = RawHttp.connect(server.port());
                open.add(late);
                // Idle ones are closed after 5 s instead of 30 s, and then it is its turn, or it has been turned away.
                await().atMost(Duration.ofSeconds(12)).until(() -> {
                    try (RawHttp http = RawHttp.connect(server.port())) {
                        return isServed(http, health);
                    }
                });
            } finally {
                open.forEach(RawHttp::close);
            }
        }
    }

    @Test
    void anAddressThatIsNotLoopbackHasItsShare() throws SocketException {
        InetAddress address = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(candidate -> candidate instanceof Inet4Address && !candidate.isLoopbackAddress())
                .findFirst()
                .orElse(InetAddress.getLoopbackAddress());
        Path tokens = folder.resolve("tokens");
        new TokenStore(tokens).add("ook", Set.of(Scope.READ), null);
        int limited = address.isLoopbackAddress() ? 30 : 10;
        try (GuardedServer server = GuardedServer.start(ServerOptions.builder()
                .host("0.0.0.0")
                .tokens(tokens)
                .insecureHttp(true)
                .maxConnectionsPerAddress(10))) {
            RequestText byAddress =
                    new RequestText(server.port(), "GET /healthz").host(address.getHostAddress() + ":" + server.port());
            assertThat(served(address, server, byAddress)).isEqualTo(limited);
            assertThat(served(InetAddress.getLoopbackAddress(), server, new RequestText(server.port(), "GET /healthz")))
                    .isEqualTo(30);
            // Those that are closed are given back.
            await().atMost(Duration.ofSeconds(5)).until(() -> served(address, server, byAddress) == limited);
        }
    }

    private static int served(InetAddress address, GuardedServer server, RequestText request) {
        List<RawHttp> open = new ArrayList<>();
        try {
            int served = 0;
            for (int i = 0; i < 30; i++) {
                RawHttp http = RawHttp.connect(address, server.port());
                open.add(http);
                served += isServed(http, request) ? 1 : 0;
            }
            return served;
        } finally {
            open.forEach(RawHttp::close);
        }
    }
}
