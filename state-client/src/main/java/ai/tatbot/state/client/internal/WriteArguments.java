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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys and arguments of the scripts, in the order that is written at their heads. Encodes the documents once. */
final class WriteArguments {
    private static final byte[] YES = bytes("1");
    private static final byte[] NO = bytes("0");
    private static final byte[] NOTHING = bytes("");
    private static final byte[] TRANSITION = bytes("t");
    private static final byte[] POSITION = bytes("p");
    private static final byte[] TRUE = bytes("true");
    private static final byte[] FALSE = bytes("false");

    /** In the order in which {@code update.lua} takes their values; it has the names itself. */
    static final List<byte[]> HISTORY_FIELDS = Stream.of(
                    "stroke_idx",
                    "pose_idx",
                    "description_l",
                    "description_r",
                    "node_id",
                    "timestamp",
                    "is_executing",
                    "is_paused",
                    "offset_idx_l",
                    "offset_idx_r")
            .map(Namespace::bytes)
            .toList();

    private static final byte[] HISTORY_LENGTH = length(Keys.STROKE_HISTORY);

    private final DocumentWrite<?> write;
    private final Namespace namespace;
    private final byte[] field;
    private final byte[] document;
    private final byte[] now = WireTime.bytes(WireTime.now());
    private final byte[][] tails;
    private final long lastSeq;

    /** @param lastSeq highest number in {@code events:log} that this writer was given, 0 for none */
    WriteArguments(DocumentWrite<?> write, Namespace namespace, long lastSeq) {
        this.write = write;
        this.lastSeq = lastSeq;
        this.namespace = namespace;
        this.field = field(write.key.kind());
        this.document = StateJson.write(write.value);
        this.tails = new byte[write.messages.size()][];
        for (int i = 0; i < tails.length; i++) {
            tails[i] = write.messages.get(i).tail();
        }
    }

    /** Hash field that holds the documents of a kind. */
    static byte[] field(KeyKind<?> kind) {
        return Texts.bytes(kind.documentField().orElseThrow());
    }

    List<byte[]> updateKeys() {
        List<byte[]> keys = new ArrayList<>(2);
        keys.add(namespace.known(write.key));
        if (write.history != null) {
            keys.add(namespace.history(write.key.id()));
        }
        return keys;
    }

    /** For {@code update.lua}: one position. */
    List<byte[]> update() {
        List<byte[]> arguments = new ArrayList<>(write.history == null ? 6 : 7 + HISTORY_FIELDS.size());
        arguments.add(field);
        arguments.add(document);
        arguments.add(now);
        arguments.add(namespace.channel(write.messages.get(0).channel()));
        arguments.add(tails[0]);
        arguments.add(fence(write.fence));
        if (write.history != null) {
            arguments.add(HISTORY_LENGTH);
            addValues(arguments, write.history);
        }
        return arguments;
    }

    List<byte[]> writeKeys() {
        List<byte[]> keys = new ArrayList<>(4);
        keys.add(namespace.known(write.key));
        keys.add(namespace.key(write.index().of()));
        if (needsLog()) {
            keys.add(namespace.key(Keys.eventsLog()));
        }
        if (write.history != null) {
            keys.add(namespace.history(write.key.id()));
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
        arguments.add(Decimal.bytes(write.messages.size()));
        for (int i = 0; i < tails.length; i++) {
            Message<?> message = write.messages.get(i);
            arguments.add(namespace.channel(message.channel()));
            arguments.add(message.isTransition() ? TRANSITION : POSITION);
            arguments.add(tails[i]);
        }
        if (needsLog()) {
            arguments.add(length(Keys.EVENTS_LOG));
            arguments.add(ttl(Keys.EVENTS_LOG));
            arguments.add(Decimal.bytes(lastSeq));
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
        return List.of(channel, tail, length(Keys.EVENTS_LOG), ttl(Keys.EVENTS_LOG), Decimal.bytes(lastSeq));
    }

    /** The script takes the log for granted before the history, whether or not it is used. */
    private boolean needsLog() {
        return write.history != null || write.tellsTransition();
    }

    static byte[] length(KeyKind<Void> stream) {
        return Decimal.bytes(stream.maxLength().orElseThrow());
    }

    static byte[] ttl(KeyKind<?> kind) {
        return millis(kind.ttl().orElseThrow());
    }

    static byte[] millis(Duration duration) {
        return Decimal.bytes(duration.toMillis());
    }

    private static byte[] fence(DocumentWrite.@Nullable Fence fence) {
        return fence == null ? NOTHING : Decimal.bytes(fence.token());
    }

    static void addHistory(List<byte[]> arguments, StrokeProgress position) {
        List<byte[]> values = new ArrayList<>(HISTORY_FIELDS.size());
        addValues(values, position);
        for (int i = 0; i < values.size(); i++) {
            arguments.add(HISTORY_FIELDS.get(i));
            arguments.add(values.get(i));
        }
    }

    private static void addValues(List<byte[]> arguments, StrokeProgress position) {
        arguments.add(Decimal.bytes(position.strokeIdx()));
        arguments.add(Decimal.bytes(position.poseIdx()));
        arguments.add(Texts.bytes(position.strokeDescriptionL()));
        arguments.add(Texts.bytes(position.strokeDescriptionR()));
        arguments.add(Texts.bytes(position.nodeId()));
        arguments.add(WireTime.bytes(position.timestamp()));
        arguments.add(position.isExecuting() ? TRUE : FALSE);
        arguments.add(position.isPaused() ? TRUE : FALSE);
        arguments.add(Decimal.bytes(position.offsetIdxL()));
        arguments.add(Decimal.bytes(position.offsetIdxR()));
    }
}
