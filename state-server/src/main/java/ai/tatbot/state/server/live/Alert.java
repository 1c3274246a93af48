package ai.tatbot.state.server.live;

import ai.tatbot.state.model.JsonWritable;
import tools.jackson.core.JsonGenerator;

/**
 * Something that someone should look at.
 *
 * @param code short name, for programs
 * @param severity how bad it is
 * @param subject key, node or session that it concerns
 * @param message what it is, in words
 */
public record Alert(String code, Severity severity, String subject, String message) implements JsonWritable {
    /** How bad it is. */
    public enum Severity {
        /** Worth a look. */
        WARNING("warning"),
        /** The robot's work is affected, or the state cannot be relied upon. */
        ERROR("error");

        private final String text;

        Severity(String text) {
            this.text = text;
        }

        /** As it stands in JSON. */
        public String text() {
            return text;
        }
    }

    @Override
    public void writeTo(JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("code", code);
        out.writeStringProperty("severity", severity.text());
        out.writeStringProperty("subject", subject);
        out.writeStringProperty("message", message);
        out.writeEndObject();
    }
}
