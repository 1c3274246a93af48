package ai.tatbot.state.client.faultkit;

import ai.tatbot.state.client.StateOptions;
import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A Redis in a container, on a free loopback port with a password. It goes away with its data when it is closed. Needs
 * Testcontainers on the class path, and an engine that {@code DOCKER_HOST} names.
 *
 * <p>Its image is the one that the system property {@code tatbot.test.image} names, else {@code redis:7.0.15}. No registry is asked where
 * the engine has it.
 */
public final class RedisContainer implements RedisUnderTest {
    private static final DockerImageName IMAGE =
            DockerImageName.parse(System.getProperty("tatbot.test.image", "redis:7.0.15"));
    private static final int INSIDE = 6379;
    private static final String READY = "Ready to accept connections";
    private static final String CONFIGURATION = "/etc/redis/";

    private final int port = FreePort.find();
    private final List<String> command;
    private final Map<String, String> files;
    private GenericContainer<?> container;

    private RedisContainer(List<String> command, Map<String, String> files) {
        this.command = command;
        this.files = files;
        this.container = started();
    }

    /**
     * Starts one.
     *
     * @param settings as on the command line of {@code redis-server}
     */
    public static RedisContainer start(String... settings) {
        List<String> command = new ArrayList<>(
                List.of("redis-server", "--requirepass", RedisServer.PASSWORD, "--save", "", "--dir", "/data"));
        command.addAll(List.of(settings));
        return new RedisContainer(command, Map.of());
    }

    /** Starts one that has each write on disk before it answers, so that {@link #restart()} finds all of them again. */
    public static RedisContainer startDurable() {
        return start("--appendonly", "yes", "--appendfsync", "always");
    }

    /**
     * Starts one by a configuration of its own, as it would be in production. {@link #options()} and {@link #jedis()} reach it only if it lets the
     * default user in, with the usual password and without TLS.
     *
     * @param files contents of {@code redis.conf} and of what that names, by their names in {@value #CONFIGURATION}
     */
    public static RedisContainer startConfigured(Map<String, String> files) {
        return new RedisContainer(List.of("redis-server", CONFIGURATION + "redis.conf"), Map.copyOf(files));
    }

    private GenericContainer<?> started() {
        GenericContainer<?> made = new GenericContainer<>(IMAGE)
                .withCommand(command.toArray(String[]::new))
                .withExposedPorts(INSIDE)
                .waitingFor(Wait.forLogMessage(".*" + READY + ".*", 1))
                .withStartupTimeout(Duration.ofSeconds(60));
        // Fixed, so that it is found again after a restart, and on loopback only.
        made.setPortBindings(List.of("127.0.0.1:" + port + ":" + INSIDE));
        files.forEach((name, content) -> made.withCopyToContainer(Transferable.of(content), CONFIGURATION + name));
        made.start();
        return made;
    }

    @Override
    public String kind() {
        return "container";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public StateOptions.Builder options() {
        return StateOptions.builder().host("127.0.0.1").port(port).password(RedisServer.PASSWORD);
    }

    @Override
    public Jedis jedis() {
        return new Jedis(
                new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder()
                        .password(RedisServer.PASSWORD)
                        .protocol(RedisProtocol.RESP2)
                        .build());
    }

    @Override
    public void kill() {
        docker().killContainerCmd(container.getContainerId()).exec();
        RedisServer.await(() -> !container.isRunning(), "the container to end");
    }

    @Override
    public void freeze() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void thaw() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void restart() {
        docker().startContainerCmd(container.getContainerId()).exec();
        awaitAnswer();
    }

    @Override
    public void restartEmpty() {
        container.stop();
        container = started();
        awaitAnswer();
    }

    private void awaitAnswer() {
        RedisServer.await(this::answers, "an answer of the container");
    }

    private boolean answers() {
        if (!files.isEmpty()) {
            // Whom it lets in, and how, is not known here.
            return container
                            .getLogs()
                            .lines()
                            .filter(line -> line.contains(READY))
                            .count()
                    > 1;
        }
        try (Jedis jedis = jedis()) {
            return jedis.ping().equals("PONG");
        } catch (JedisException e) {
            return false;
        }
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    @Override
    public void close() {
        container.stop();
    }
}
