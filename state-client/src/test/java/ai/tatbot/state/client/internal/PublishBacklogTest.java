package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is to be sent, and what is sent again. */
class PublishBacklogTest {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final RedisConnections redis =
            new RedisConnections(StateOptions.builder().build());
    private final Namespace namespace = new Namespace("");
    private final PublishQueue queue = new PublishQueue(10);
    private final PublishLink link = new PublishLink(redis, namespace);
    private final PublishBacklog backlog = backlog();

    private PublishBacklog backlog() {
        PublishMonitor monitor = new PublishMonitor(redis, queue);
        PublishLeases leases = new PublishLeases(new Renewals(System::nanoTime), LEASE, System::nanoTime);
        return new PublishBacklog(redis, namespace, queue, link, new Settlement(queue, leases, monitor), monitor);
    }

    @AfterEach
    void close() {
        link.end();
        redis.close();
    }

    private PublishSession session(String id) {
        return new PublishSession(
                queue, id, LEASE, Samples.tattoo().nodeId("hog").build());
    }

    @Test
    void aSessionThatIsSentAgainIsNotRenewedBesides() {
        PublishSession session = session("s1");
        for (int look = 0; look < 10; look++) {
            backlog.renew(session);
        }
        List<PublishItem> batch = backlog.takeBatch(200);
        assertThat(batch).as("one renewal").hasSize(1);

        batch.forEach(backlog::putBack);
        backlog.renew(session);
        backlog.renew(session("s2"));
        assertThat(backlog.takeBatch(200)).as("one of each session").hasSize(2);

        backlog.renew(session);
        assertThat(backlog.takeBatch(200)).as("once it is settled").hasSize(1);
    }

    @Test
    void whatCannotBeBuiltForWantOfMemoryIsTriedAgainAndWhatCannotBeBuiltAtAllIsDropped() {
        queue.offer(new Troublesome(new OutOfMemoryError("no more")), "latest");
        assertThatThrownBy(() -> backlog.takeBatch(200)).isInstanceOf(OutOfMemoryError.class);
        assertThat(backlog.takeBatch(200)).as("tried again").hasSize(1);
        queue.offer(new Troublesome(new IllegalStateException("a mistake")), "latest");
        assertThat(backlog.takeBatch(200)).isEmpty();
        assertThat(backlog.isEmpty()).isTrue();
    }

    /** A key whose first write fails. */
    private static final class Troublesome extends PublishKey<String> {
        private @Nullable Throwable trouble;

        Troublesome(Throwable trouble) {
            this.trouble = trouble;
        }

        @Override
        Key<? extends Document> key() {
            return Keys.robotState("hog");
        }

        @Override
        DocumentWrite<?> write(String value) {
            Throwable thrown = trouble;
            trouble = null;
            if (thrown instanceof Error error) {
                throw error;
            } else if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            return new DocumentWrite<>(
                    Keys.robotState("hog"), Samples.robot("hog").build());
        }
    }

    @Test
    void whatIsPutBackComesFirstAndInItsOldOrder() {
        queue.append(event());
        queue.append(event());
        List<PublishItem> taken = backlog.takeBatch(200);
        assertThat(taken).hasSize(2);
        queue.append(event());
        backlog.putBack(taken.get(1));
        backlog.putBack(taken.get(0));
        assertThat(backlog.takeBatch(2)).isEqualTo(taken);
        assertThat(backlog.takeBatch(2)).hasSize(1);
        assertThat(backlog.isEmpty()).isTrue();
    }

    private static PublishEvent event() {
        return new PublishEvent("greeting", "x", bytes("x"), bytes("}"));
    }
}
