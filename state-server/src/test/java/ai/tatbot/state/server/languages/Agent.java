package ai.tatbot.state.server.languages;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A program in another language that does what it is told: a line of JSON each way. */
final class Agent implements Language {
    private final String name;
    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    private Agent(String name, Process process) {
        this.name = name;
        this.process = process;
        this.in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static Agent start(String name, Path folder, List<String> command, ObjectNode connect) {
        try {
            Agent agent = new Agent(
                    name,
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectError(ProcessBuilder.Redirect.appendTo(
                                    Path.of("target", "agents.log").toFile()))
                            .start());
            connect.put("do", "connect");
            agent.require(connect);
            return agent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public JsonNode ask(ObjectNode question) {
        try {
            in.write(Fields.JSON.writeValueAsString(question));
            in.write('\n');
            in.flush();
            String answer = out.readLine();
            if (answer == null) {
                throw new IllegalStateException("the agent of " + name + " has ended");
            }
            return Fields.JSON.readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode require(ObjectNode question) {
        JsonNode answer = ask(question);
        if (answer.has("error")) {
            throw new AssertionError(name + " answers to " + question + ": " + answer);
        }
        return answer;
    }

    private static ObjectNode question(String what) {
        return Fields.JSON.createObjectNode().put("do", what);
    }

    @Override
    public boolean accepts(String schema, ObjectNode document) {
        ObjectNode question = question("validate").put("schema", schema);
        question.set("document", document);
        return ask(question).path("valid").asBoolean();
    }

    @Override
    public OptionalLong write(String key, ObjectNode document) {
        ObjectNode question = question("write").put("key", key);
        question.set("document", document);
        JsonNode answer = ask(question);
        if (answer.has("error")) {
            String why = answer.path("reason").asString(answer.path("error").asString());
            if (!why.toLowerCase(Locale.ROOT).startsWith("invalid")) {
                throw new AssertionError(name + " fails to write " + key + ": " + answer);
            }
            return OptionalLong.empty();
        }
        return OptionalLong.of(answer.path("revision").asLong());
    }

    @Override
    public Seen read(String key) {
        return seen(require(question("read").put("key", key)));
    }

    @Override
    public void watch() {
        require(question("watch"));
    }

    @Override
    public Seen seen(String key) {
        return seen(require(question("seen").put("key", key)));
    }

    private static Seen seen(JsonNode answer) {
        return new Seen(
                answer.path("document") instanceof ObjectNode document ? document : null,
                answer.path("revision").isNumber()
                        ? OptionalLong.of(answer.path("revision").asLong())
                        : OptionalLong.empty());
    }

    @Override
    public boolean isLive() {
        return require(question("state")).path("live").asBoolean();
    }

    @Override
    public List<JsonNode> transitions() {
        List<JsonNode> told = new ArrayList<>();
        for (JsonNode one : require(question("events")).path("events")) {
            told.add(one.has("event") ? one.path("event") : one);
        }
        return told;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
