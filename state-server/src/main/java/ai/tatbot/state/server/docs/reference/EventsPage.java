package ai.tatbot.state.server.docs.reference;

import ai.tatbot.state.server.docs.Markdown;
import ai.tatbot.state.server.docs.ReferencePage;
import tools.jackson.databind.JsonNode;

/** What is published: each event, field by field. */
final class EventsPage {
    private EventsPage() {}

    static ReferencePage page() {
        Markdown out = new Markdown()
                .heading(1, "Events")
                .paragraph(
                        "What is published on the [channels](channels.md), as JSON. A *position* may be passed over for a later one; a"
                                + " *transition* never is, and stands in `events:log` besides ([why](../concepts/classes.md)).");
        JsonNode components = Description.channels().path("components");
        components.path("messages").forEachEntry((name, message) -> {
            out.heading(2, name)
                    .paragraph("`" + Fields.text(message, "name") + "`, a " + Fields.text(message, "x-class") + ". "
                            + Fields.text(message, "description"));
            Fields.table(out, components.path("schemas").path(name));
        });
        return new ReferencePage("events", out.toString());
    }
}
