package ai.tatbot.state.server.docs.reference;

import ai.tatbot.state.server.resource.ResourceFolder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the build made of the schema: the catalogue of keys, and the AsyncAPI document of channels and events. */
final class Description {
    private static final ResourceFolder SCHEMA = new ResourceFolder("/ai/tatbot/state/schema/", "asyncapi.json");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Description() {}

    /** The catalogue's keys. */
    static JsonNode keys() {
        return JSON.readTree(SCHEMA.read("keys.json")).path("keys");
    }

    /** The AsyncAPI document. */
    static JsonNode channels() {
        return JSON.readTree(SCHEMA.read("asyncapi.json"));
    }
}
