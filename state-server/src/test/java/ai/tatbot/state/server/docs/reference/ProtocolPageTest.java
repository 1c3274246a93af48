package ai.tatbot.state.server.docs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ProtocolPageTest {
    private static final Path CASES = Path.of("..", "schema", "conformance", "commands");

    private final String page = ProtocolPage.markdown();

    @Test
    void isFilledIn() {
        assertThat(page).startsWith("# Protocol\n").doesNotContain("{{").doesNotContain("null\n```");
    }

    @Test
    void fencesAreInPairs() {
        boolean open = false;
        for (String line : page.lines().toList()) {
            if (line.startsWith("```")) {
                assertThat(open ? line : line.substring(3))
                        .as(line)
                        .isIn(open ? List.of("```") : List.of("text", "json"));
                open = !open;
            } else if (!open) {
                assertThat(line).as("a table's row ends as it begins").matches("(\\|.*\\||[^|].*|)");
            }
        }
        assertThat(open).isFalse();
    }

    @Test
    void hasEveryCase() throws IOException {
        List<String> listed = new ArrayList<>();
        for (JsonNode operation :
                ClassPathText.schema("conformance/operations.json").path("operations")) {
            for (JsonNode one : operation.path("cases")) {
                listed.add(one.asString());
                JsonNode read = ProtocolOperations.read(one.asString());
                assertThat(read.path("operation")).isEqualTo(operation.path("name"));
                assertThat(page)
                        .contains("#### " + one.asString() + "\n\n"
                                + read.path("about").asString());
                for (JsonNode sent : read.path("sent")) {
                    assertThat(page).contains(CommandText.said(sent.path("command")));
                }
            }
        }
        try (Stream<Path> files = Files.list(CASES)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", "")))
                    .containsExactlyInAnyOrderElementsOf(listed);
        }
    }

    @Test
    void hasEveryArgumentOfEveryScript() {
        for (String script : List.of("write", "update", "append", "heartbeat", "liveness", "lease")) {
            assertThat(page).contains("| `" + script + "` |", "### " + script + ".lua");
        }
        assertThat(page)
                .contains("ARGV  1 field that holds the document: state, progress, health", "16 highest seq in it");
    }

    /** Who has the page alone can put the scripts together. */
    @Test
    void scriptsCanBeMadeOfWhatItSays() {
        ClassPathText.schema("conformance/scripts.json").path("scripts").forEachEntry((name, files) -> {
            StringBuilder text = new StringBuilder();
            for (JsonNode file : files) {
                String head = "### Text of " + file.asString() + "\n\n```text\n";
                int from = page.indexOf(head) + head.length();
                text.append(page, from, page.indexOf("```\n", from));
            }
            assertThat(text).as(name).hasToString(new ProtocolScripts().text(name));
        });
    }

    @Test
    void hasEveryKeyDocumentChannelAndMessage() {
        for (JsonNode key : ClassPathText.schema("keys.json").path("keys")) {
            assertThat(page).contains("| `" + key.path("template").asString() + "` |");
            if (key.path("document").has("schema")) {
                assertThat(page)
                        .contains("### " + key.path("document").path("model").asString());
            }
        }
        JsonNode asyncApi = ClassPathText.schema("asyncapi.json");
        asyncApi.path("channels")
                .forEach(channel -> assertThat(page)
                        .contains("| `" + channel.path("address").asString() + "` |"));
        asyncApi.path("components")
                .path("messages")
                .forEach(message ->
                        assertThat(page).contains("`" + message.path("name").asString() + "`, a "));
    }

    /** What a client needs that makes a document of an event. */
    @Test
    void saysHowAnEventBecomesItsDocument() {
        assertThat(page)
                .contains(
                        "It carries the StrokeProgress of `stroke:progress:{session_id}`, field by field: `description_l` is its"
                                + " `stroke_description_l`, `description_r` is its `stroke_description_r`, all others have the same names. `type`,"
                                + " `rev`, `event_id`, `seq`, `seq_lost`, `session_id` are no part of the document.")
                .contains(
                        "It carries the RobotState of `robot:state:{node_id}`, field by field, under the same names. ");
    }

    /** A table says of each field whether it may be null, and nothing of the absence of what is always there. */
    @Test
    void fieldsAreAsTheWireHasThem() {
        String update = section("### State update\n");
        assertThat(update).contains("| `node_id` | string, required |", "| `timestamp` | time, required |");
        assertThat(update).contains("| `rev` | integer or null |", "1 to 9007199254740991");
        assertThat(page.lines().filter(line -> line.contains(", required |") && line.contains("Absent:")))
                .isEmpty();
    }

    @Test
    void ofAKeyAllIsSaid() {
        String keys = section("## Keys\n");
        for (JsonNode key : ClassPathText.schema("keys.json").path("keys")) {
            String row = keys.lines()
                    .filter(line -> line.startsWith("| `" + key.path("template").asString() + "` |"))
                    .findFirst()
                    .orElseThrow();
            for (String said : List.of("ttl_seconds", "ttl_renewed_by", "max_length", "notes", "description")) {
                assertThat(row).contains(key.path(said).asString(""));
            }
            assertThat(row.contains(" | `index:")).isEqualTo(key.has("index"));
        }
    }

    private String section(String head) {
        int from = page.indexOf("\n" + head) + 1;
        int to = page.indexOf("\n#", from + head.length());
        return page.substring(from, to);
    }

    /** Every placeholder that a case has is explained. */
    @Test
    void explainsEveryPlaceholder() {
        JsonNode known = ClassPathText.schema("conformance/placeholders.json").path("placeholders");
        page.lines()
                .flatMap(line -> Pattern.compile("\\{((?:last_)?[a-z_]+?)(?:_[0-9]+)?\\}")
                        .matcher(line)
                        .results()
                        .map(mark -> mark.group(1)))
                // Those of names of keys and channels are explained by these, and by the text.
                .filter(name -> !List.of("node_id", "category", "database").contains(name))
                .forEach(name -> assertThat(known.has(name) || known.has(name.replace("last_", "")))
                        .as(name)
                        .isTrue());
    }

    /** The example in bytes is what Redis would read. */
    @Test
    void bytesAreRight() {
        String block = page.substring(page.indexOf("```text\n*") + "```text\n".length());
        byte[] bytes = block.substring(0, block.indexOf("\n```"))
                .replace("\n", "")
                .replace("\\r\\n", "\r\n")
                .getBytes(StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>();
        int at = lineEnd(bytes, 0);
        int count = number(bytes, 1, at);
        for (int i = 0; i < count; i++) {
            int from = at + 2;
            at = lineEnd(bytes, from);
            assertThat((char) bytes[from]).isEqualTo('$');
            int length = number(bytes, from + 1, at);
            words.add(new String(bytes, at + 2, length, StandardCharsets.UTF_8));
            at += 2 + length;
            assertThat(bytes[at]).isEqualTo((byte) '\r');
        }
        assertThat(at + 2).isEqualTo(bytes.length);
        assertThat(words).startsWith("EVALSHA", new ProtocolScripts().sha1("update"), "2");
        assertThat(words).noneMatch(word -> word.matches(".*\\{[a-z_]+\\}.*"));
        assertThat(ClassPathText.JSON.readTree(words.get(6)).path("stroke_idx").asInt())
                .isEqualTo(5);
    }

    private static int lineEnd(byte[] bytes, int from) {
        int at = from;
        while (bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    private static int number(byte[] bytes, int from, int to) {
        return Integer.parseInt(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
    }
}
