package ai.tatbot.state.bench.limits;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the gate measures. */
enum Measure {
    UPDATE_COMMANDS(Rule.COUNT, "commands in Redis per update, its script's own ones included"),
    UPDATE_ROUND_TRIPS(Rule.COUNT, "round trips per update"),
    UPDATE_EVENTS(Rule.EXACTLY, "events that a subscriber is told of, per update"),
    UPDATE_BYTES(Rule.BYTES, "bytes allocated per update"),
    ROBOT_COMMANDS(Rule.COUNT, "commands in Redis per updateRobotState"),
    ROBOT_EVENTS(Rule.EXACTLY, "events that a subscriber is told of, per updateRobotState"),
    ROBOT_BYTES(Rule.BYTES, "bytes allocated per updateRobotState"),
    READ_COMMANDS(Rule.COUNT, "commands in Redis per robotState"),
    READ_BYTES(Rule.BYTES, "bytes allocated per robotState"),
    STATUS_ROUND_TRIPS(Rule.COUNT, "round trips per systemStatus of 300 nodes"),
    OFFER_BYTES(Rule.BYTES, "bytes allocated per offer of a position"),
    OFFER_ROBOT_BYTES(Rule.BYTES, "bytes allocated per offer of a robot's state"),
    PUBLISHER_COMMANDS(Rule.COUNT, "commands in Redis per position that the publisher stores"),
    PUBLISHER_EVENTS(Rule.EXACTLY, "events published per position that the publisher stores"),
    ASYNC_COMMANDS(Rule.COUNT, "commands in Redis per update of AsyncStateManager"),
    ASYNC_EVENTS(Rule.EXACTLY, "events published per update of AsyncStateManager"),
    MIRROR_BYTES(Rule.BYTES, "bytes allocated per read of the mirror"),
    ENCODE_BYTES(Rule.BYTES, "bytes allocated per document encoded"),
    DECODE_BYTES(Rule.BYTES, "bytes allocated per document decoded"),
    ENCODE_TIME(Rule.TIME, "time to encode a document / by hand"),
    DECODE_TIME(Rule.TIME, "time to decode a document / by hand"),
    SERVER_TIME(Rule.SERVER, "Redis' time per update / its bare commands"),
    UPDATE_LATENCY(Rule.LATENCY, "update, p50 / bare Jedis, same command"),
    READ_LATENCY(Rule.LATENCY, "robotState, p50 / bare HMGET"),
    WATCH_LATENCY(Rule.LATENCY, "update to callback, p50 / bare PUBLISH to SUBSCRIBE"),
    CALLERS_THROUGHPUT(Rule.THROUGHPUT, "updates of 16 callers / bare Jedis, same command"),
    PUBLISHER_THROUGHPUT(Rule.THROUGHPUT, "updates of the publisher / redis-benchmark -c 8 -P 16, same command"),
    ASYNC_THROUGHPUT(Rule.THROUGHPUT, "updates of AsyncStateManager / redis-benchmark, same command");

    private final Rule rule;
    private final String text;

    Measure(Rule rule, String text) {
        this.rule = rule;
        this.text = text;
    }

    Rule rule() {
        return rule;
    }

    /** Whether it is taken beside a running yardstick, so that it is not part of what is exact on any machine. */
    boolean isRatio() {
        return rule == Rule.SERVER || rule == Rule.LATENCY || rule == Rule.THROUGHPUT;
    }

    /** For people. */
    String text() {
        return text;
    }

    /** For files: {@code update_commands}. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Measure> of(String id) {
        return Arrays.stream(values())
                .filter(measure -> measure.id().equals(id))
                .findFirst();
    }
}
