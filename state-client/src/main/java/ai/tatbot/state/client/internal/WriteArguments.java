package ai.tatbot.state.client.internal;

import static ai.tatbot.state.client.internal.Namespace.bytes;

import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.WireTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys and arguments of the scripts, in the order that is written at their heads. Encodes the documents once. */
final class WriteArguments {
    private static final byte[] YES = bytes("1");
    private static final byte[] NO = bytes("0");
    private static final byte[] NOTHING = bytes("");
    private static final byte[] TRANSITION = bytes("t");
    private static final byte[] POSITION = bytes("p");

    private final DocumentWrite<?> write;
    private final Namespace namespace;
    private final byte[] field;
    private final byte[] document;
    private final byte[] now = bytes(WireTime.format(WireTime.now()));
    private final List<byte[]> tails;
    private final long lastSeq;

    /** @param lastSeq highest number in {@code events:log} that this writer was given, 0 for none */
    WriteArguments(DocumentWrite<?> write, Namespace namespace, long lastSeq) {
        this.write = write;
        this.lastSeq = lastSeq;
        this.namespace = namespace;
        this.field = bytes(write.key.kind().documentField().orElseThrow());
        this.document = StateJson.write(write.value);
        this.tails = write.messages.stream().map(Message::tail).toList();
    }

    List<byte[]> updateKeys() {
        List<byte[]> keys = new ArrayList<>(2);
        keys.add(namespace.key(write.key));
        if (write.history != null) {
            keys.add(namespace.key(Keys.strokeHistory(write.key.id())));
        }
        return keys;
    }

    /** For {@code update.lua}: one position. */
    List<byte[]> update() {
        List<byte[]> arguments = new ArrayList<>(28);
        arguments.add(field);
        arguments.add(document);
        arguments.add(now);
        arguments.add(namespace.channel(write.messages.get(0).channel()));
        arguments.add(tails.get(0));
        arguments.add(fence(write.fence));
        if (write.history != null) {
            arguments.add(length(Keys.STROKE_HISTORY));
            addHistory(arguments, write.history);
        }
        return arguments;
    }

    List<byte[]> writeKeys() {
        List<byte[]> keys = new ArrayList<>(4);
        keys.add(namespace.key(write.key));
        keys.add(namespace.key(write.index().of()));
        if (needsLog()) {
            keys.add(namespace.key(Keys.eventsLog()));
        }
        if (write.history != null) {
            keys.add(namespace.key(Keys.strokeHistory(write.key.id())));
        }
        return keys;
    }

    /** For {@code write.lua}: anything. */
    List<byte[]> write(boolean renew) {
        List<byte[]> arguments = new ArrayList<>(40);
        arguments.add(field);
        arguments.add(document);
        arguments.add(now);
        arguments.add(write.timeToLive == null ? ttl(write.key.kind()) : millis(write.timeToLive));
        arguments.add(renew ? YES : NO);
        arguments.add(bytes(write.expect));
        arguments.add(fence(write.fence));
        arguments.add(write.fence == null ? NO : millis(write.fence.lease()));
        arguments.add(bytes(write.key.id()));
        arguments.add(bytes(Integer.toString(write.messages.size())));
        for (int i = 0; i < tails.size(); i++) {
            Message<?> message = write.messages.get(i);
            arguments.add(namespace.channel(message.channel()));
            arguments.add(message.isTransition() ? TRANSITION : POSITION);
            arguments.add(tails.get(i));
        }
        if (needsLog()) {
            arguments.add(length(Keys.EVENTS_LOG));
            arguments.add(ttl(Keys.EVENTS_LOG));
            arguments.add(bytes(Long.toString(lastSeq)));
        }
        if (write.history != null) {
            arguments.add(length(Keys.STROKE_HISTORY));
            arguments.add(ttl(Keys.STROKE_HISTORY));
            addHistory(arguments, write.history);
        }
        return arguments;
    }

    static List<byte[]> appendKeys(Namespace namespace) {
        return List.of(namespace.key(Keys.eventsLog()));
    }

    /** For {@code append.lua}: one transition, checked as a reader would; {@code lastSeq} as for the others. */
    static List<byte[]> append(Message<?> message, Namespace namespace, long lastSeq) {
        return append(namespace.channel(message.channel()), Message.tail(message.checkedJson()), lastSeq);
    }

    static List<byte[]> append(byte[] channel, byte[] tail, long lastSeq) {
        return List.of(channel, tail, length(Keys.EVENTS_LOG), ttl(Keys.EVENTS_LOG), bytes(Long.toString(lastSeq)));
    }

    /** The script takes the log for granted before the history, whether or not it is used. */
    private boolean needsLog() {
        return write.history != null || write.tellsTransition();
    }

    static byte[] length(KeyKind<Void> stream) {
        return bytes(Long.toString(stream.maxLength().orElseThrow()));
    }

    static byte[] ttl(KeyKind<?> kind) {
        return millis(kind.ttl().orElseThrow());
    }

    static byte[] millis(Duration duration) {
        return bytes(Long.toString(duration.toMillis()));
    }

    private static byte[] fence(DocumentWrite.@Nullable Fence fence) {
        return fence == null ? NOTHING : bytes(Long.toString(fence.token()));
    }

    static void addHistory(List<byte[]> arguments, StrokeProgress position) {
        add(arguments, "stroke_idx", Integer.toString(position.strokeIdx()));
        add(arguments, "pose_idx", Integer.toString(position.poseIdx()));
        add(arguments, "description_l", position.strokeDescriptionL());
        add(arguments, "description_r", position.strokeDescriptionR());
        add(arguments, "node_id", position.nodeId());
        add(arguments, "timestamp", WireTime.format(position.timestamp()));
        add(arguments, "is_executing", Boolean.toString(position.isExecuting()));
        add(arguments, "is_paused", Boolean.toString(position.isPaused()));
        add(arguments, "offset_idx_l", Integer.toString(position.offsetIdxL()));
        add(arguments, "offset_idx_r", Integer.toString(position.offsetIdxR()));
    }

    private static void add(List<byte[]> arguments, String name, String value) {
        arguments.add(bytes(name));
        arguments.add(bytes(value));
    }
}
