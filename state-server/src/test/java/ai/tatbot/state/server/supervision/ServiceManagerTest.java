package ai.tatbot.state.server.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real datagram socket, which Python opens, since Java cannot. */
class ServiceManagerTest {
    private static final String MANAGER = """
            import socket, sys
            path = sys.argv[1]
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind("\\0" + path[1:] if path.startswith("@") else path)
            print("bound", flush=True)
            while True:
                print(s.recv(4096).decode(), flush=True)
            """;

    @TempDir
    Path folder;

    private static Process manager(String path) throws IOException {
        return new ProcessBuilder("/usr/bin/python3", "-c", MANAGER, path)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readyAliveStopping(boolean inNoFolder) throws IOException {
        String path = inNoFolder ? "@" + folder : folder.resolve("notify").toString();
        Process systemd = manager(path);
        try (BufferedReader heard =
                new BufferedReader(new InputStreamReader(systemd.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(heard.readLine()).isEqualTo("bound");
            try (ServiceManager manager =
                    ServiceManager.of(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "60000"), () -> true)) {
                manager.ready();
                assertThat(heard.readLine()).isEqualTo("READY=1");
                assertThat(heard.readLine()).isEqualTo("WATCHDOG=1");
                assertThat(heard.readLine()).isEqualTo("WATCHDOG=1");
            }
            String last = heard.readLine();
            while (last.equals("WATCHDOG=1")) {
                last = heard.readLine();
            }
            assertThat(last).isEqualTo("STOPPING=1");
        } finally {
            systemd.destroyForcibly();
        }
    }

    @Test
    void aServerThatDoesNoWorkIsNotCalledAlive() throws IOException {
        String path = folder.resolve("notify").toString();
        AtomicBoolean works = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        Process systemd = manager(path);
        try (BufferedReader heard =
                        new BufferedReader(new InputStreamReader(systemd.getInputStream(), StandardCharsets.UTF_8));
                ServiceManager manager =
                        ServiceManager.of(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "30000"), () -> {
                            asked.incrementAndGet();
                            if (asked.get() == 2) {
                                throw new IllegalStateException("as planned");
                            }
                            return works.get();
                        })) {
            assertThat(heard.readLine()).isEqualTo("bound");
            manager.ready();
            assertThat(heard.readLine()).isEqualTo("READY=1");
            Awaitility.await().until(() -> asked.get() > 3);
            assertThat(heard.ready()).isFalse();
            works.set(true);
            assertThat(heard.readLine()).isEqualTo("WATCHDOG=1");
        } finally {
            systemd.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative", "/no/such/socket", "@", "/"})
    void withoutOneNothingHappens(String path) {
        try (ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", path), () -> true)) {
            manager.ready();
        }
    }

    @Test
    void aWatchdogThatIsNoNumber() {
        ServiceManager.of(Map.of("NOTIFY_SOCKET", "/x/y", "WATCHDOG_USEC", "soon"), () -> true)
                .close();
    }
}
