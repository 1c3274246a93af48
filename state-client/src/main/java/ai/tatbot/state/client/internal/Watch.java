package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateWatch;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.client.WatchScope;
import ai.tatbot.state.client.WatchStatus;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps a {@link View} current: events from one {@link Feed}, and reads wherever events do not say enough. The feed's thread
 * takes events in, a second one reads; each listener has its own.
 *
 * <p>Its parts meet here, and share one lock. That is held for memory only, never for Redis:
 * <ul>
 *   <li>{@link WatchIntake} says what the messages of the feed mean.
 *   <li>{@link DocumentFollower} takes over what events and reads say of documents, {@link TransitionFollower} the transitions.
 *   <li>{@link WatchAgenda} knows what is to be read and when; {@link WatchReader} is the thread that does.
 *   <li>{@link WatchCondition} and {@link WatchConsumers} tell the listeners.
 * </ul>
 */
public final class Watch implements StateWatch {
    /** Several in the time for which a proof holds, so that a late one does not make the watch stale. */
    private static final Duration PULSE_EVERY = Duration.ofMillis(100);

    private final Object lock = new Object();
    private final RedisConnections redis;
    private final WatchScope scope;
    private final Consumer<Watch> onClose;
    private final Freshness freshness = new Freshness();
    private final View view;
    private final WatchConsumers consumers;
    private final WatchCondition condition;
    private final WatchAgenda agenda;
    private final TransitionFollower transitions;
    private final DocumentFollower documents;
    private final WatchReader reader;
    private final WatchIntake intake;
    private final Feed feed;

    Watch(
            RedisConnections redis,
            Namespace namespace,
            DocumentReader documentReader,
            Indexes indexes,
            WatchScope scope,
            Consumer<Watch> onClose) {
        this.redis = redis;
        this.scope = scope;
        this.onClose = onClose;
        EventLog log = new EventLog(redis, namespace);
        TransitionDecoder decoder = new TransitionDecoder(redis, namespace, scope);
        this.consumers = new WatchConsumers(redis, log, decoder, scope);
        this.view = new View(freshness, consumers::tell);
        this.condition = new WatchCondition(lock, freshness, consumers);
        this.agenda = new WatchAgenda(lock, view, freshness);
        this.transitions = new TransitionFollower(lock, redis, log, decoder, condition, agenda, consumers);
        this.documents = new DocumentFollower(lock, redis, documentReader, indexes, scope, view, condition, agenda);
        this.reader = new WatchReader(lock, redis, scope, freshness, condition, agenda, transitions, documents);
        this.intake = new WatchIntake(redis, namespace, scope, new Events());
        this.feed = intake.feed(PULSE_EVERY, new Ears());
    }

    void start() {
        feed.start();
        reader.start();
    }

    /** The documents it knows. */
    public View view() {
        return view;
    }

    /** How far it can be relied upon. */
    public Freshness freshness() {
        return freshness;
    }

    @Override
    public WatchScope scope() {
        return scope;
    }

    @Override
    public WatchStatus status() {
        return condition.status();
    }

    @Override
    public boolean awaitLive(Duration longest) throws InterruptedException {
        synchronized (lock) {
            long deadline = System.nanoTime() + longest.toNanos();
            while (!freshness.isLive(System.nanoTime()) && !condition.isClosed()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
            return !condition.isClosed();
        }
    }

    @Override
    public Registration listen(WatchListener listener) {
        WatchConsumer consumer = consumers.consumer(listener);
        synchronized (lock) {
            if (condition.isClosed()) {
                throw new StateException(Reason.CLOSED, "the watch of " + scope + " is closed; open a new one");
            }
            view.tell(consumer.box()::put);
            consumer.box().put(status());
            consumers.add(consumer);
        }
        consumer.start();
        return consumer;
    }

    private void look() {
        synchronized (lock) {
            condition.look();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (condition.isClosed()) {
                return;
            }
            condition.close();
        }
        feed.end();
        List<WatchConsumer> ended = consumers.end(status());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        feed.join(left(deadline));
        for (WatchConsumer consumer : ended) {
            consumer.join(left(deadline));
        }
        onClose.accept(this);
    }

    private static long left(long deadline) {
        return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }

    @Override
    public String toString() {
        return "StateWatch[" + scope + ", " + status().text(Instant.now()) + "]";
    }

    /** What happens to the connection. */
    private final class Ears implements Feed.Observer {
        @Override
        public void connecting() {
            transitions.begin();
        }

        @Override
        public void subscribed() {
            synchronized (lock) {
                transitions.subscribed();
                agenda.subscribed();
                condition.subscribed();
            }
        }

        @Override
        public void message(byte[] channel, byte[] message) {
            intake.take(channel, message);
        }

        @Override
        public void proven(long nanos) {
            freshness.proven(nanos);
            look();
        }

        @Override
        public void disconnected(StateException failure, int attempt, Duration pause) {
            boolean news;
            synchronized (lock) {
                news = condition.disconnected(failure.getMessage(), attempt, pause);
            }
            // Its siblings are most likely dead, too, and would each cost a read its whole timeout.
            redis.dropIdle();
            if (news && !condition.isClosed()) {
                redis.report(new Problem(
                        Problem.Kind.DISCONNECTED,
                        scope.toString(),
                        failure.getMessage()
                                + (freshness.everSynced()
                                        ? " The watch is stale until it is back; what is missed is caught up."
                                        : " The watch knows nothing until it is connected; it goes on trying."),
                        failure));
            }
        }

        @Override
        public void tick() {
            look();
        }
    }

    /** What was published. */
    private final class Events implements WatchIntake.Observer {
        @Override
        public void event(Channel<? extends Event> channel, Event event) {
            Key<? extends Document> subject = Subjects.of(event);
            boolean transition = TransitionDecoder.isTransition(channel, event);
            synchronized (lock) {
                if (subject != null
                        && scope.includes(subject)
                        && documents.onEvent(subject, event) == View.Outcome.GAP) {
                    transitions.onGap();
                }
                if (transition) {
                    transitions.onTransition(channel, event);
                }
            }
        }

        @Override
        public void invalid() {
            synchronized (lock) {
                if (condition.isSubscribed()) {
                    agenda.reconcileSoon();
                }
            }
        }

        @Override
        public void gone(Key<? extends Document> key) {
            synchronized (lock) {
                agenda.owe(key);
            }
        }
    }
}
