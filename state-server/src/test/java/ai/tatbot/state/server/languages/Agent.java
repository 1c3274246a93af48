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
            // No verdict on what is tested: a broken reader that ends like this is not caught by its case.
            throw new IllegalStateException(name + " answers to " + question + ": " + answer);
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
        JsonNode answer = ask(question);
        if (!answer.path("valid").isBoolean()) {
            throw new IllegalStateException(name + " gives no verdict on " + document + ": " + answer);
        }
        return answer.path("valid").asBoolean();
    }

    @Override
    public OptionalLong write(String key, ObjectNode document) {
        ObjectNode question = question("write").put("key", key);
        question.set("document", document);
        JsonNode answer = ask(question);
        if (answer.has("error")) {
            if (!isRefusal(answer)) {
                throw new IllegalStateException(name + " fails to write " + key + ": " + answer);
            }
            return OptionalLong.empty();
        }
        return OptionalLong.of(answer.required("revision").asLong());
    }

    /** By the client's own reason, or the server's code and status. */
    private static boolean isRefusal(JsonNode answer) {
        return answer.has("reason")
                ? answer.path("reason").asString("").equals("INVALID_VALUE")
                : answer.path("error").asString("").equals("invalid_value")
                        && answer.path("status").asInt() == 422;
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
    public Told told() {
        JsonNode answer = require(question("events"));
        List<JsonNode> transitions = new ArrayList<>();
        for (JsonNode one : answer.path("events")) {
            transitions.add(one.has("event") ? one.path("event") : one);
        }
        List<Learned> learned = new ArrayList<>();
        for (JsonNode one : answer.path("changes")) {
            learned.add(new Learned(
                    one.path("key").asString(),
                    one.path("revision").isNumber()
                            ? OptionalLong.of(one.path("revision").asLong())
                            : OptionalLong.empty(),
                    one.path("cause").asString()));
        }
        return new Told(transitions, learned);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
