package ai.tatbot.state.server.rights;

import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.client.faultkit.Samples;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.Keys;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import redis.clients.jedis.Protocol;

/** What users try. */
enum Operation {
    READ("read every document, history, index", as -> {
        for (Key<?> key : List.of(
                Keys.robotState("hog"),
                Keys.nodeHealth("hog"),
                Keys.liveness("hog"),
                Keys.strokeProgress(Attempt.DEAD_SESSION),
                Keys.strokeHistory(Attempt.DEAD_SESSION),
                Keys.INDEX_NODES.of(),
                Keys.INDEX_SESSIONS.of(),
                Keys.EVENTS_LOG.of())) {
            as.state().contents(key, 10);
        }
    }),
    STATUS("status of the fleet", as -> as.state().systemStatus()),
    FIND("find what older nodes wrote (`SCAN`)", as -> as.state().systemStatusOfAllNodes()),
    WATCH("watch everything, and catch up from `events:log`", as -> {
        StateMirror mirror = as.state().mirror();
        as.jedis().xrange("events:log", "-", "+");
        as.jedis().xrange("stream:stroke_history:" + Attempt.DEAD_SESSION, "-", "+");
        Awaitility.await().until(mirror::isLive);
    }),
    ROBOT_STATE(
            "write its own robot's state",
            as -> as.state().updateRobotState(Samples.robot(as.user().nodeId()).build())),
    SESSION("start, update, pause and end its own session", as -> {
        try (StrokeSession session = as.state().startStrokeSession(Samples.tattoo())) {
            session.update(5, 25);
            session.pause();
            session.resume();
            session.end();
        }
    }),
    HEARTBEAT("write its own health", as -> {
        as.state().updateNodeHealth(Samples.health(as.user().nodeId()).build());
        as.state().leave(as.user().nodeId());
    }),
    ERROR("report an error", as -> as.state().reportError("robot", "needle stuck", Map.of())),
    CUSTOM(
            "publish an event of its own on `system:events`",
            as -> as.state()
                    .publishEvent(
                            Channels.SYSTEM_EVENTS, Samples.greeting(as.user().nodeId()))),
    OTHER_ROBOT(
            "write another robot's state",
            as -> as.state().put(Keys.robotState("hog2"), Samples.robot("hog2").build(), null, null)),
    OTHER_SESSION("take over another node's session", as -> as.state().takeOverSession(Attempt.DEAD_SESSION)),
    OTHER_HEALTH(
            "write another node's health",
            as -> as.state().put(Keys.nodeHealth("rpi2"), Samples.health("rpi2").build(), null, null)),
    LAST_WORD("tell that another node is gone", as -> as.state().leave("rpi1")),
    PROGRESS("publish progress without storing it", as -> as.jedis().publish("stroke:events:progress", "{}")),
    TURN("publish the end of a session without ending it", as -> as.jedis().publish("stroke:events:session", "{}")),
    OTHER_NODE("publish on another node's channel", as -> as.jedis().publish("node:events:rpi2", "{}")),
    PLAIN_WRITE(
            "write another node's document as older nodes do (`HSET`)",
            as -> as.jedis().hset("robot:state:hog2", "state", "{}")),
    PLAIN_SCRIPT(
            "write another node's document by a script",
            as -> as.jedis()
                    .eval("return redis.call('HSET', KEYS[1], 'state', '{}')", List.of("robot:state:hog2"), List.of())),
    KEYS_COMMAND("find keys by `KEYS`", as -> as.jedis().keys("robot:state:*")),
    EXPIRE_OTHER("let another robot's state expire (`EXPIRE`)", as -> as.jedis().expire("robot:state:hog2", 9_000)),
    EXPIRE_LOG("let `events:log` expire (`EXPIRE`)", as -> as.jedis().expire("events:log", 9_000)),
    REMOVE("remove a document (`DEL`)", as -> as.jedis().del(Attempt.ROBOT)),
    TRIM("empty `events:log` (`XTRIM`)", as -> as.jedis().xtrim("events:log", 0, false)),
    OUTSIDE("write a key outside the schema", as -> as.jedis().set("other", "1")),
    EAVESDROP("listen outside the schema", as -> as.jedis().sendCommand(Protocol.Command.SUBSCRIBE, "other:events")),
    FLUSH("remove everything (`FLUSHALL`)", as -> as.jedis().flushAll()),
    CONFIGURE("see or change the configuration of Redis", as -> as.jedis().configGet("maxmemory")),
    USERS("see or change users", as -> as.jedis().aclList()),
    STRANGERS("see or cut off others' connections", as -> as.jedis().clientList()),
    MODULE("load code into Redis", as -> as.jedis().functionList()),
    SEE_ALL("see what others send (`MONITOR`)", as -> as.jedis().sendCommand(Protocol.Command.MONITOR)),
    FOLLOW("make Redis a replica of another", as -> as.jedis().replicaofNoOne()),
    COPY("move data out (`DUMP`, `MIGRATE`)", as -> as.jedis().dump(Attempt.ROBOT)),
    STOP("stop Redis (`SHUTDOWN`)", as -> as.jedis().sendCommand(Protocol.Command.SHUTDOWN, "ABORT")),
    HANG("keep others waiting (`CLIENT PAUSE`)", as -> as.jedis().sendCommand(Protocol.Command.CLIENT, "PAUSE", "0"));

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // none of them keeps anything
    private final Trial trial;

    Operation(String text, Trial trial) {
        this.text = text;
        this.trial = trial;
    }

    String text() {
        return text;
    }

    void run(Attempt as) throws Exception {
        trial.run(as);
    }

    /** Throws if it is refused. */
    private interface Trial {
        void run(Attempt as) throws Exception;
    }
}
