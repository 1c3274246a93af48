package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.server.testkit.Cli;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SuppressWarnings("NullAway.Init") // set before all tests
class McpCommandIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String BEGIN = """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},\
            "clientInfo":{"name":"test","version":"1"}}}
            {"jsonrpc":"2.0","method":"notifications/initialized"}
            """;

    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    /** What it answers; each line of its output must be a message. */
    private static List<JsonNode> answers(String input, String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "mcp";
        System.arraycopy(options, 0, arguments, 1, options.length);
        Cli.Outcome outcome = Cli.with(redis).input(input).run(arguments);
        assertThat(outcome.exit()).isZero();
        List<JsonNode> answers = outcome.lines().stream().map(JSON::readTree).toList();
        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.get("jsonrpc").stringValue()).isEqualTo("2.0"));
        return answers;
    }

    @Test
    void everyLineIsAnsweredAndAtTheEndOfTheInputItEnds() {
        List<JsonNode> answers = answers(BEGIN + "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n");

        assertThat(answers).hasSize(2);
        assertThat(answers.get(0).get("result").get("protocolVersion").stringValue())
                .isEqualTo("2025-06-18");
        assertThat(answers.get(1).get("result").isObject()).isTrue();
    }

    @Test
    void whatIsNoMessageIsRefusedAndTheNextOneAnswered() {
        List<JsonNode> answers = answers(BEGIN + """
                hello

                null
                []
                {"jsonrpc":"2.0","id":5,"method":"tools/call","params":[]}
                {"jsonrpc":"2.0","id":6,"method":"server/discover"}
                {"jsonrpc":"2.0","id":7,"method":"ping"}
                """);

        assertThat(answers.stream()
                        .skip(1)
                        .map(answer -> answer.path("error").path("code").asInt(0)))
                .containsExactly(-32700, -32600, -32600, -32602, -32601, 0);
    }

    @Test
    void aLineThatIsTooLongIsRefusedAndTheNextOneAnswered() {
        List<JsonNode> answers = answers(
                BEGIN + "\"" + "x".repeat(2 << 20) + "\"\n" + "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}\n");

        assertThat(answers.get(1).get("error").get("code").intValue()).isEqualTo(-32600);
        assertThat(answers.get(2).has("result")).isTrue();
    }

    @Test
    void theSessionHasToBegin() {
        List<JsonNode> answers = answers("""
                {"jsonrpc":"2.0","id":1,"method":"tools/list"}
                {"jsonrpc":"2.0","id":2,"method":"server/discover"}
                """ + BEGIN + BEGIN);

        assertThat(answers.get(0).get("error").get("code").intValue()).isEqualTo(-32600);
        assertThat(answers.get(1).get("error").get("code").intValue()).isEqualTo(-32601);
        assertThat(answers.get(2).has("result")).isTrue();
        assertThat(answers.get(3).get("error").get("code").intValue()).isEqualTo(-32600);
    }

    @Test
    void setStateIsOfferedOnlyIfAllowed() {
        String list = BEGIN + "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n";

        assertThat(answers(list).get(1).toString()).contains("publish_event").doesNotContain("set_state\"");
        assertThat(answers(list, "--allow-set-state").get(1).toString()).contains("\"set_state\"");
    }

    @Test
    void itNeedsARedis() {
        Cli.Outcome outcome = Cli.bare().run("mcp");

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("--redis");
        assertThat(outcome.out()).isEmpty();
    }
}
