package ai.tatbot.state.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.bench.peers.Contestant;
import ai.tatbot.state.bench.peers.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContestTest {
    private final List<String> log = new ArrayList<>();
    private final Contest contest = new Contest(1, 3, Duration.ZERO, (name, round, rounds) -> {});

    @Test
    void theyTakeTurnsAndChangePlaces() throws Exception {
        Standings standings = contest.run(List.of(contestant("a", 10, 20, 30, 40), contestant("b", 5, 5, 10, 10)));
        assertThat(log).containsExactly("b", "a", "a", "b", "b", "a", "a", "b", "a closed", "b closed");
        assertThat(standings.values("a", Sample::calls)).containsExactly(20.0, 30.0, 40.0);
        assertThat(standings.ratio("a", "b", Sample::calls)).isEqualTo(4);
        assertThat(standings.median("a", Sample::calls)).isEqualTo(30);
        assertThat(standings.least("a", Sample::calls)).isEqualTo(20);
    }

    @Test
    void whatWasLostIsTold() {
        Contestant lossy = new Contestant() {
            @Override
            public String name() {
                return "lossy";
            }

            @Override
            public Sample run(Duration slot) {
                return Sample.counted(1, 1);
            }

            @Override
            public void close() {
                throw new IllegalStateException("one is lost");
            }
        };
        assertThatThrownBy(() -> contest.run(List.of(lossy))).hasMessage("one is lost");
    }

    @Test
    void commandsAreCountedWithoutTheCounting() {
        CommandStats before = new CommandStats(
                "cmdstat_info:calls=1,usec=9\ncmdstat_hset:calls=5,usec=10", "total_reads_processed:7");
        CommandStats after = new CommandStats(
                "cmdstat_info:calls=3,usec=20\ncmdstat_hset:calls=8,usec=20\ncmdstat_evalsha:calls=3,usec=40,usec_per_call=1",
                "total_reads_processed:12");
        CommandStats work = after.since(before);
        assertThat(work.calls()).isEqualTo(6);
        assertThat(work.calls("hset")).isEqualTo(3);
        assertThat(work.reads()).isEqualTo(3);
        assertThat(work.scriptMicroseconds()).isEqualTo(40);
    }

    @Test
    void optionalJarsAreNotOnABlockingUsersClassPath() {
        String list = """
                The following files have been resolved:
                   redis.clients:jedis:jar:8.0.2:compile:/m2/jedis-8.0.2.jar -- module redis.clients.jedis [auto]
                   com.github.oshi:oshi-core:jar:7.5.0:compile:/m2/oshi-core-7.5.0.jar (optional) -- module com.github.oshi
                   ai.tatbot:state-model:jar:0.1.0:compile:/m2/state-model.jar
                /home/someone/state-client/target/state-client.jar
                """;
        assertThat(FactSections.jars(list))
                .containsExactly(
                        Path.of("/m2/jedis-8.0.2.jar"),
                        Path.of("/m2/state-model.jar"),
                        Path.of("/home/someone/state-client/target/state-client.jar"));
    }

    private Contestant contestant(String name, long... calls) {
        return new Contestant() {
            private int next;

            @Override
            public String name() {
                return name;
            }

            @Override
            public Sample run(Duration slot) {
                log.add(name);
                return Sample.counted(calls[next++], 1_000);
            }

            @Override
            public void close() {
                log.add(name + " closed");
            }
        };
    }
}
