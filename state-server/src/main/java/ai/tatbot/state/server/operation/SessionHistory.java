package ai.tatbot.state.server.operation;

import ai.tatbot.state.client.HistoryEntry;
import ai.tatbot.state.model.JsonWritable;
import ai.tatbot.state.server.live.Json;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** The positions that a session reached, oldest first. */
public record SessionHistory(String sessionId, List<HistoryEntry> entries) implements JsonWritable {
    @Override
    public void writeTo(JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("session_id", sessionId);
        out.writeArrayPropertyStart("entries");
        for (HistoryEntry entry : entries) {
            out.writeStartObject();
            out.writeStringProperty("id", entry.entryId());
            Json.time(out, "time", entry.time());
            Json.number(out, "rev", entry.rev());
            out.writeNumberProperty("stroke_idx", entry.strokeIdx());
            out.writeNumberProperty("pose_idx", entry.poseIdx());
            out.writeStringProperty("description_l", entry.descriptionL());
            out.writeStringProperty("description_r", entry.descriptionR());
            out.writeStringProperty("node_id", entry.nodeId());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
