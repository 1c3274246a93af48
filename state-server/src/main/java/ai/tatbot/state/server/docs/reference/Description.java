package ai.tatbot.state.server.docs.reference;

import tools.jackson.databind.JsonNode;

/** What the build made of the schema: the catalogue of keys, and the AsyncAPI document of channels and events. */
final class Description {
    private Description() {}

    /** The catalogue's keys. */
    static JsonNode keys() {
        return ClassPathText.schema("keys.json").path("keys");
    }

    /** The AsyncAPI document. */
    static JsonNode channels() {
        return ClassPathText.schema("asyncapi.json");
    }
}
