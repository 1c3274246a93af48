package ai.tatbot.state.server.docs.reference;

import ai.tatbot.state.server.docs.Markdown;
import ai.tatbot.state.server.docs.ReferencePage;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** On what everything is published. */
final class ChannelsPage {
    private ChannelsPage() {}

    static ReferencePage page() {
        JsonNode description = Description.channels();
        JsonNode channels = description.path("channels");
        Markdown out = new Markdown()
                .heading(1, "Channels")
                .paragraph(
                        "Every channel of Redis' publish and subscribe. A namespace (`STATE_NAMESPACE`) stands before each. For"
                                + " programs, in AsyncAPI 3.1: `/api/v1/asyncapi.json` of a running server.");
        out.columns("Channel", "Events", "What");
        channels.forEachEntry((name, channel) -> out.row(
                Markdown.code(Fields.text(channel, "address")), events(channel), Fields.text(channel, "title")));
        channels.forEachEntry((name, channel) -> {
            out.heading(2, Markdown.code(Fields.text(channel, "address")))
                    .paragraph(Fields.text(channel, "description"));
            if (channel.has("x-notes")) {
                out.paragraph(Fields.text(channel, "x-notes"));
            }
            KeysPage.parameters(out, channel.path("parameters"), "x-pattern");
            out.paragraph("**Events** " + events(channel) + ".");
            for (JsonNode operation : description.path("operations")) {
                if (Fields.text(operation.path("channel"), "$ref").equals("#/channels/" + name)) {
                    boolean sends = Fields.text(operation, "action").equals("send");
                    KeysPage.roles(out, sends ? "Published by" : "Heard by", operation.path("x-roles"));
                }
            }
        });
        return new ReferencePage("channels", out.toString());
    }

    private static String events(JsonNode channel) {
        return channel.path("messages")
                .propertyStream()
                .map(message -> "[" + message.getKey() + "](events.md#"
                        + message.getKey().toLowerCase(Locale.ROOT) + ")")
                .collect(Collectors.joining(", "));
    }
}
