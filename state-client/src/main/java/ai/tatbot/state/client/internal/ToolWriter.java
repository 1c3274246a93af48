package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.HealthUpdate;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.NodeHealth;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.RobotState;
import ai.tatbot.state.model.StrokeProgress;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Overwrites any document, whoever writes it otherwise. Thread-safe. */
public final class ToolWriter {
    private final DocumentReader reader;
    private final DocumentWriter writer;

    public ToolWriter(DocumentReader reader, DocumentWriter writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /** Stores and publishes; comes to the new revision. Two round trips for a robot's state, else one. */
    public <T extends Document> Step<Long> putting(
            Key<T> key, T document, @Nullable Long expectedRevision, @Nullable Duration timeToLive) {
        if (timeToLive != null && timeToLive.toMillis() < 1) {
            throw new InvalidValueException("the time to live must be at least 1 ms, was " + timeToLive);
        }
        return write(key, document).then(write -> {
            if (expectedRevision != null) {
                write.onlyIfRevision(expectedRevision);
            }
            if (timeToLive != null) {
                write.timeToLive(timeToLive);
            }
            return writer.writing(write).map(DocumentWrite.Result::revision);
        });
    }

    @SuppressWarnings("unchecked") // a key of a kind is a key of its documents
    private Step<DocumentWrite<?>> write(Key<?> key, Document document) {
        if (document instanceof RobotState state) {
            requireNode(key, state);
            Key<RobotState> robot = (Key<RobotState>) key;
            return stored(robot)
                    .map(before -> RobotWriter.write(
                            robot,
                            before.map(RobotState::isConnectedL).orElse(false),
                            before.map(RobotState::isConnectedR).orElse(false),
                            state));
        }
        if (document instanceof NodeHealth health) {
            requireNode(key, health);
            return Step.done(new DocumentWrite<>((Key<NodeHealth>) key, health)
                    .event(
                            Channels.nodeEvents(health.nodeId()),
                            HealthUpdate.builder().from(health).build()));
        }
        if (document instanceof StrokeProgress progress) {
            return Step.done(new DocumentWrite<>((Key<StrokeProgress>) key, progress)
                    .event(
                            Channels.STROKE_PROGRESS,
                            ProgressUpdate.builder()
                                    .from(progress)
                                    .sessionId(key.id())
                                    .build()));
        }
        throw new InvalidValueException(key + " holds no document that can be overwritten");
    }

    private Step<Optional<RobotState>> stored(Key<RobotState> key) {
        return reader.reading(key).map(found -> found.map(Versioned::value)).recover(e -> {
            if (e.reason() == Reason.INVALID) {
                // That is to be mended.
                return Step.done(Optional.empty());
            }
            throw e;
        });
    }

    private static void requireNode(Key<?> key, Document document) {
        if (!key.id().equals(document.nodeId())) {
            throw new InvalidValueException(
                    "node_id must be " + key.id() + " in " + key + ", was " + document.nodeId());
        }
    }
}
