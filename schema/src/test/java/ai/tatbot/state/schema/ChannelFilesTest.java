package ai.tatbot.state.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ChannelFilesTest {
    private static final String META = "meta/channel.json";

    static List<String> channelFiles() {
        return SchemaFiles.in("channels");
    }

    @ParameterizedTest
    @MethodSource("channelFiles")
    void keepsToItsMetaSchema(String file) {
        assertThat(SchemaValidator.errors(META, SchemaFiles.read(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("channelFiles")
    void nameIsThatOfTheFile(String file) {
        assertThat(SchemaFiles.read(file).path("name").asString())
                .isEqualTo(SchemaFiles.baseName(file).replace('-', '_'));
    }

    @ParameterizedTest
    @MethodSource("channelFiles")
    void placeholdersAreTheParameters(String file) {
        JsonNode channel = SchemaFiles.read(file);
        assertThat(new NameTemplate(channel.path("template").asString()).placeholders())
                .containsExactlyElementsOf(channel.path("parameters").propertyNames());
    }

    @ParameterizedTest
    @MethodSource("channelFiles")
    void everyReferenceResolves(String file) {
        assertThat(SchemaFiles.read(file).findValues("$ref"))
                .isNotEmpty()
                .allMatch(reference -> SchemaFiles.exists(SchemaFiles.target(file, reference.asString())));
    }

    @Test
    void everyEventHasOneChannel() {
        List<String> events = SchemaFiles.in("events").stream()
                .filter(file -> !file.equals("events/event.json"))
                .toList();
        List<String> published = channelFiles().stream()
                .flatMap(file -> Example.payloads(file).stream())
                .toList();
        assertThat(published).containsExactlyInAnyOrderElementsOf(events);
    }

    /** What carries a whole document is a position: the latest one says all. Everything else happens once. */
    @ParameterizedTest
    @MethodSource("channelFiles")
    void positionsAreTheEventsThatCarryDocuments(String file) {
        for (JsonNode message : SchemaFiles.read(file).path("messages")) {
            String event = SchemaFiles.target(
                    file, message.path("payload").path("$ref").asString());
            boolean carriesDocument = SchemaFiles.read(event)
                    .path("allOf")
                    .valueStream()
                    .anyMatch(base -> base.path("$ref").asString().startsWith("../models/"));
            assertThat(message.path("class").asString())
                    .as(event)
                    .isEqualTo(carriesDocument ? "position" : "transition");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'colour': 'blue'}",
                "{'name': 'robot-events'}",
                "{'template': 'robot:*'}",
                "{'messages': []}",
                "{'messages': [{'payload': {'$ref': '../events/state-update.json'}}]}",
                "{'messages': [{'payload': {'$ref': '../events/state-update.json'}, 'class': 'sometimes'}]}",
                "{'messages': [{'payload': {'$ref': '../models/robot-state.json'}, 'class': 'position'}]}",
                "{'listeners': ''}"
            })
    void refusedChannel(String change) {
        ObjectNode channel = (ObjectNode) SchemaFiles.read("channels/robot-events.json");
        channel.setAll((ObjectNode) SchemaFiles.parse(change.replace('\'', '"')));
        assertThat(SchemaValidator.errors(META, channel)).isNotEmpty();
    }
}
