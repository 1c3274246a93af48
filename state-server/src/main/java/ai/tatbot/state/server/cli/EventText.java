package ai.tatbot.state.server.cli;

import ai.tatbot.state.model.ArmConnected;
import ai.tatbot.state.model.ArmDisconnected;
import ai.tatbot.state.model.ErrorReport;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.HealthUpdate;
import ai.tatbot.state.model.ProgressUpdate;
import ai.tatbot.state.model.SessionEnd;
import ai.tatbot.state.model.SessionStart;
import ai.tatbot.state.model.StateUpdate;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** An event in a few words. */
final class EventText {
    private static final int LONGEST = 160;

    /** Shown elsewhere on the line, or of no use to people. */
    private static final Set<String> LEFT_OUT = Set.of("type", "timestamp", "rev", "event_id", "seq", "seq_lost");

    private EventText() {}

    /**
     * In words if it is one of the common ones, else field by field.
     *
     * @param message the event as published, which fits its schema
     */
    static String of(Event event, byte[] message) {
        String text;
        if (event instanceof ProgressUpdate progress) {
            text = "stroke " + count(progress.strokeIdx(), progress.totalStrokes()) + ", pose "
                    + count(progress.poseIdx(), progress.strokeLength()) + described(progress);
        } else if (event instanceof SessionStart start) {
            text = start.sessionId() + ", " + start.totalStrokes() + " strokes of " + start.sceneName();
        } else if (event instanceof SessionEnd end && end.reason() != null) {
            text = end.sessionId() + ", " + end.reason()
                    + (end.strokeIdx() == null ? "" : " at stroke " + (end.strokeIdx() + 1));
        } else if (event instanceof StateUpdate state) {
            text = state.nodeId() + " " + state.currentPose() + ", left arm " + connected(state.isConnectedL())
                    + ", right arm " + connected(state.isConnectedR());
        } else if (event instanceof ArmConnected arm) {
            text = arm.nodeId() + " arm " + arm.arm();
        } else if (event instanceof ArmDisconnected arm) {
            text = arm.nodeId() + " arm " + arm.arm();
        } else if (event instanceof HealthUpdate health) {
            text = health.nodeId() + " CPU " + percent(health.cpuPercent()) + ", memory "
                    + percent(health.memoryPercent()) + ", disk " + percent(health.diskPercent());
        } else if (event instanceof ErrorReport error) {
            text = error.nodeId() + ": " + error.message();
        } else {
            text = fields(message);
        }
        return Text.safe(text, LONGEST);
    }

    private static String described(ProgressUpdate progress) {
        List<String> parts = new ArrayList<>();
        for (String description : new @Nullable String[] {progress.descriptionL(), progress.descriptionR()}) {
            if (description != null && !description.isEmpty()) {
                parts.add(description);
            }
        }
        return parts.isEmpty() ? "" : "  " + String.join(" | ", parts);
    }

    private static String count(int index, @Nullable Integer total) {
        return (index + 1) + (total == null ? "" : " of " + total);
    }

    private static String connected(boolean connected) {
        return connected ? "connected" : "not connected";
    }

    private static String percent(@Nullable Double value) {
        return value == null ? "-" : Math.round(value) + " %";
    }

    private static String fields(byte[] message) {
        List<String> fields = new ArrayList<>();
        try (JsonParser in = JsonText.parse(message)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                in.nextToken();
                String value = JsonText.value(in);
                if (!LEFT_OUT.contains(name)) {
                    fields.add(name + " " + value);
                }
            }
        }
        return String.join(", ", fields);
    }
}
