package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.Eavesdropper;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.client.internal.DocumentWrite;
import ai.tatbot.state.client.internal.DocumentWrite.Fence;
import ai.tatbot.state.client.internal.DocumentWriter;
import ai.tatbot.state.client.internal.Namespace;
import ai.tatbot.state.client.internal.RedisConnections;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.HealthUpdate;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The node {@code hog} on an empty Redis, with one of every kind of document and entry stored, and someone who hears every
 * message. Everything stored lives for a minute at most from here on, so that a renewal shows.
 */
final class Fleet implements AutoCloseable {
    private static final String USER = "node";
    private static final String ALL_RIGHTS = "ACL SETUSER " + USER + " reset on >node-password ~* &* +@all";

    final RedisServer redis;
    final StateManager hog;
    final StrokeSession session;
    final Eavesdropper eavesdropper;

    Fleet(RedisServer redis) {
        this.redis = redis;
        redis.admin("FLUSHALL", ALL_RIGHTS);
        this.eavesdropper = Eavesdropper.on(redis);
        this.hog = StateManager.connect(options().build());
        hog.updateRobotState(Samples.robot("hog").build());
        hog.updateNodeHealth(Samples.health("hog").build());
        this.session = hog.startStrokeSession(Samples.tattoo());
        session.update(5, 25);
        for (String key : Snapshot.of(redis).contents().keySet()) {
            redis.admin("PEXPIRE " + key + " 50000");
        }
        eavesdropper.soFar();
    }

    /** As the ACL user {@code node}. */
    StateOptions.Builder options() {
        return redis.options()
                .username(USER)
                .password("node-password")
                .nodeId("hog")
                .maxConnections(4);
    }

    /** Writes a position of the session on a condition, as a writer who has everything to renew. */
    void write(UnaryOperator<DocumentWrite<StrokeProgress>> condition) {
        StrokeProgress position = session.progress().toBuilder()
                .timestamp(WireTime.now())
                .strokeIdx(9)
                .build();
        ProgressUpdate event =
                ProgressUpdate.builder().from(position).sessionId(session.id()).build();
        try (RedisConnections connections = new RedisConnections(options().build())) {
            new DocumentWriter(connections, new Namespace(""))
                    .write(condition.apply(new DocumentWrite<>(Keys.strokeProgress(session.id()), position)
                            .event(Channels.STROKE_PROGRESS, event)
                            .history(position)));
        }
    }

    /** The text with the ids of this fleet filled in. */
    String fill(String text) {
        return text.replace("{session}", session.id()).replace("{redis}", "127.0.0.1:" + redis.port());
    }

    String sessionKey() {
        return Keys.strokeProgress(session.id()).name();
    }

    /** Runs something that is to be refused, and checks that it leaves no trace: nothing stored, renewed, logged or sent. */
    StateException refused(Runnable write) {
        Snapshot before = Snapshot.of(redis);
        StateException refusal = null;
        try {
            write.run();
        } catch (StateException e) {
            refusal = e;
        }
        assertThat(eavesdropper.soFar()).as("messages").isEmpty();
        before.assertUntouched(redis);
        assertThat(refusal).as("the refusal").isNotNull();
        return Objects.requireNonNull(refusal);
    }

    @Override
    public void close() {
        redis.admin(ALL_RIGHTS, "CONFIG SET maxmemory 0", "CONFIG SET min-replicas-to-write 0", "REPLICAOF NO ONE");
        eavesdropper.close();
        hog.close();
    }

    /** Each way in which a node writes. */
    enum Write {
        POSITION("writing stroke:progress:{session}"),
        POSITION_RENEWING("writing stroke:progress:{session}"),
        TRANSITION("writing stroke:progress:{session}"),
        END("writing stroke:progress:{session}"),
        NEW_SESSION("writing stroke:progress:stroke_hog_*"),
        ROBOT_STATE("writing robot:state:hog"),
        ROBOT_STATE_AND_ARM("writing robot:state:hog"),
        NEW_ROBOT("writing robot:state:ook"),
        HEARTBEAT("writing node:health:hog"),
        EVENT("publishing greeting on system:events"),
        POSITION_EVENT("publishing health_update on node:events:hog");

        private final String what;

        Write(String what) {
            this.what = what;
        }

        /** How its messages begin. */
        String what(Fleet fleet) {
            return fleet.fill(what);
        }

        void run(Fleet fleet) {
            switch (this) {
                case POSITION -> fleet.session.update(7, 8);
                case POSITION_RENEWING -> fleet.write(write -> write.fence(new Fence(1, Duration.ofSeconds(10))));
                case TRANSITION -> fleet.session.pause();
                case END -> fleet.session.end();
                default -> {
                    // A new process, which has everything to renew.
                    try (StateManager hog = StateManager.connect(fleet.options().build())) {
                        run(hog);
                    }
                }
            }
        }

        private void run(StateManager hog) {
            switch (this) {
                case NEW_SESSION -> hog.startStrokeSession(Samples.tattoo());
                case ROBOT_STATE ->
                    hog.updateRobotState(
                            Samples.robot("hog").currentPose("sleep").build());
                case ROBOT_STATE_AND_ARM ->
                    hog.updateRobotState(
                            Samples.robot("hog").isConnectedL(false).build());
                case NEW_ROBOT -> hog.updateRobotState(Samples.robot("ook").build());
                case HEARTBEAT ->
                    hog.updateNodeHealth(Samples.health("hog").cpuPercent(99).build());
                case EVENT -> hog.publishEvent(Channels.SYSTEM_EVENTS, Samples.greeting("hog"));
                case POSITION_EVENT ->
                    hog.publishEvent(
                            Channels.nodeEvents("hog"),
                            HealthUpdate.builder()
                                    .from(Samples.health("hog").build())
                                    .build());
                default -> throw new IllegalStateException(this + " belongs to a session");
            }
        }
    }
}
