package ai.tatbot.state.client.faultkit;

import ai.tatbot.state.client.StateOptions;
import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisProtocol;

/**
 * A Redis in a container, on a free loopback port with a password. It goes away with its data when it is closed. Needs
 * Testcontainers on the class path, and an engine that {@code DOCKER_HOST} names.
 */
public final class RedisContainer implements RedisUnderTest {
    private static final DockerImageName IMAGE = DockerImageName.parse("redis:7.0.15");
    private static final int INSIDE = 6379;

    private final int port = FreePort.find();
    private final List<String> settings;
    private GenericContainer<?> container;

    private RedisContainer(List<String> settings) {
        this.settings = settings;
        this.container = started();
    }

    /** Whether there is an engine to start one in. */
    public static boolean isAvailable() {
        return !System.getenv().getOrDefault("DOCKER_HOST", "").isBlank();
    }

    /**
     * Starts one.
     *
     * @param settings as on the command line of {@code redis-server}
     */
    public static RedisContainer start(String... settings) {
        return new RedisContainer(List.of(settings));
    }

    private GenericContainer<?> started() {
        List<String> command = new ArrayList<>(
                List.of("redis-server", "--requirepass", RedisServer.PASSWORD, "--save", "", "--dir", "/data"));
        command.addAll(settings);
        GenericContainer<?> made = new GenericContainer<>(IMAGE)
                .withCommand(command.toArray(String[]::new))
                .withExposedPorts(INSIDE)
                .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1))
                .withStartupTimeout(Duration.ofSeconds(60));
        // Fixed, so that it is found again after a restart, and on loopback only.
        made.setPortBindings(List.of("127.0.0.1:" + port + ":" + INSIDE));
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
        RedisServer.await(
                () -> {
                    try (Jedis jedis = jedis()) {
                        return jedis.ping().equals("PONG");
                    } catch (redis.clients.jedis.exceptions.JedisException e) {
                        return false;
                    }
                },
                "an answer of the container");
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    @Override
    public void close() {
        container.stop();
    }
}
