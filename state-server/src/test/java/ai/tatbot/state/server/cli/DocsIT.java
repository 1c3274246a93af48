package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.server.access.Scope;
import ai.tatbot.state.server.access.TokenStore;
import ai.tatbot.state.server.testkit.NodeProject;
import ai.tatbot.state.server.testkit.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation, as the packaged program serves and writes it. */
class DocsIT {
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void aServerShowsIt() {
        try (Program server = Program.serve(Map.of())) {
            NodeProject.of("page")
                    .run(Duration.ofMinutes(4), Map.of(), "docs.mjs", server.url())
                    .requireSuccess();
        }
    }

    private HttpResponse<String> get(String address, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** It says how a token is made, so it cannot want one; it holds nothing of the fleet. */
    @Test
    void anybodyMayReadIt() throws IOException, InterruptedException {
        Path tokens = folder.resolve("tokens");
        new TokenStore(tokens).add("ook", Set.of(Scope.READ), null);
        try (Program server = Program.serve(Map.of(), "--tokens", tokens.toString())) {
            assertThat(get(server.url() + "/api/v1/status").statusCode()).isEqualTo(401);
            assertThat(get(server.url() + "/docs").headers().firstValue("Location"))
                    .contains("/docs/index.html");
            HttpResponse<String> page = get(server.url() + "/docs/reference/models.html");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("cpu_percent");
            assertThat(page.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
            assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
            String tag = page.headers().firstValue("ETag").orElseThrow();
            assertThat(get(server.url() + "/docs/reference/models.html", "If-None-Match", tag)
                            .statusCode())
                    .isEqualTo(304);
            HttpResponse<String> missing = get(server.url() + "/docs/nothing.html");
            assertThat(missing.statusCode()).isEqualTo(404);
            assertThat(missing.body()).contains("it begins at /docs");
            assertThat(get(server.url()
                                    + "/docs/project/state-client/src/main/java/ai/tatbot/state/client/StateException.java")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void itCanBeWrittenIntoAFolder() throws IOException {
        Path out = folder.resolve("manual");
        try (Program program = Program.start(Map.of(), "docs", "--out", out.toString())) {
            assertThat(program.await(60)).as(program.err().toString()).isZero();
            assertThat(program.out()).singleElement().asString().endsWith("Open " + out.resolve("index.html"));
        }
        assertThat(Files.readString(out.resolve("reference/cli.html"))).contains("tatbot-state docs");
        Path file = Files.writeString(folder.resolve("file"), "");
        try (Program program = Program.start(Map.of(), "docs", "--out", file.toString())) {
            assertThat(program.await(60)).isEqualTo(1);
            assertThat(program.err()).anyMatch(line -> line.contains("cannot write") && line.contains("--out"));
        }
    }
}
