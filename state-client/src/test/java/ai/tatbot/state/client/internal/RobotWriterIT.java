package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** The state of a robot that stands still lives on while its node does. */
class RobotWriterIT {
    private static final String KEY = "robot:state:hog";

    private static RedisServer redis;

    private final AtomicLong now = new AtomicLong();
    private final List<Problem> problems = new ArrayList<>();
    private RedisConnections connections;
    private RobotWriter robots;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void connect() {
        redis.admin("FLUSHALL", "ACL SETUSER node reset on >node-password ~* &* +@all");
        connections = new RedisConnections(redis.options()
                .username("node")
                .password("node-password")
                .problemListener(problems::add)
                .build());
        Namespace namespace = new Namespace("");
        robots = new RobotWriter(
                connections,
                new DocumentReader(connections, namespace, new Indexes(connections, namespace)),
                new DocumentWriter(connections, namespace),
                now::get);
        robots.write(Samples.robot("hog").build());
        redis.admin("PEXPIRE " + KEY + " 30000");
    }

    @AfterEach
    void disconnect() {
        connections.close();
    }

    @Test
    void onceAnHourItIsRenewed() {
        pass(Duration.ofMinutes(59));
        robots.keepAlive("hog");
        assertThat(secondsToLive()).isLessThanOrEqualTo(30);

        pass(Duration.ofMinutes(1));
        robots.keepAlive("hog");
        assertThat(secondsToLive()).isBetween(86_300L, 86_400L);

        redis.admin("PEXPIRE " + KEY + " 30000");
        pass(Duration.ofMinutes(59));
        robots.keepAlive("hog");
        assertThat(secondsToLive()).isLessThanOrEqualTo(30);
    }

    @Test
    void whatThisProcessHasNotWrittenIsLeftAlone() {
        pass(Duration.ofHours(2));
        redis.admin("CONFIG RESETSTAT");
        robots.keepAlive("ook");
        assertThat(redis.calls("pexpire")).isZero();
    }

    @Test
    void aFailureIsReportedAndTriedAgain() {
        pass(Duration.ofHours(2));
        redis.admin("ACL SETUSER node -pexpire");
        robots.keepAlive("hog");
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.SIDE_EFFECT_FAILED);
            assertThat(problem.source()).isEqualTo(KEY);
            assertThat(problem.message())
                    .startsWith(
                            "its time to live was not renewed: renewing " + KEY + ": this Redis user lacks a right: ");
        });
        redis.admin("ACL SETUSER node +pexpire");
        robots.keepAlive("hog");
        assertThat(secondsToLive()).isGreaterThan(30);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static long secondsToLive() {
        try (Jedis jedis = redis.jedis()) {
            return jedis.ttl(KEY);
        }
    }
}
