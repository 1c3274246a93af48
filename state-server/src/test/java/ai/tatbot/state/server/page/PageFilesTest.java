package ai.tatbot.state.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageFilesTest {
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"#]+)\"");
    private static final Pattern IMPORT =
            Pattern.compile("^(?:import|export) .*from '(\\.{1,2}/[^']+)'", Pattern.MULTILINE);

    private final PageFiles files = new PageFiles();

    @Test
    void thePageAndItsPanelsAreThere() {
        assertThat(files.find("/").orElseThrow().contentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(files.find("/").orElseThrow().embeddable()).isFalse();
        for (String panel : PageFiles.PANELS) {
            assertThat(files.find("/embed/" + panel).orElseThrow().embeddable()).isTrue();
        }
        assertThat(files.find("/favicon.ico").orElseThrow().contentType()).isEqualTo("image/svg+xml");
        assertThat(files.find("/assets/uplot/uPlot.esm.js").orElseThrow().contentType())
                .isEqualTo("text/javascript; charset=utf-8");
    }

    @Test
    void everythingThatThePageRefersToIsThere() {
        Set<String> seen = new HashSet<>();
        follow("/", seen);
        follow("/embed/progress", seen);
        assertThat(seen)
                .contains(
                        "/assets/js/live.js",
                        "/assets/client/stream.js",
                        "/assets/client/catalogue.js",
                        "/assets/uplot/uPlot.esm.js",
                        "/assets/uplot/uPlot.min.css");
    }

    private void follow(String path, Set<String> seen) {
        if (!seen.add(path)) {
            return;
        }
        String text = text(path);
        if (path.startsWith("/assets/uplot/")) {
            return;
        }
        boolean html = !path.startsWith("/assets/");
        Matcher matcher = (html ? REFERENCE : IMPORT).matcher(text);
        while (matcher.find()) {
            String target = URI.create(path).resolve(matcher.group(1)).getPath();
            if (!target.startsWith("/api") && !target.equals("/metrics") && !target.equals("/docs")) {
                follow(target, seen);
            }
        }
    }

    @Test
    void nothingInItNeedsAnotherServerOrAnInlineScriptOrStyle() {
        Set<String> seen = new HashSet<>();
        follow("/", seen);
        follow("/embed/progress", seen);
        for (String path : seen) {
            if (!path.startsWith("/assets/uplot/")) {
                String text = text(path).replace("http://www.w3.org/", "");
                assertThat(text).as(path).doesNotContain("http://", "https://", " style=\"", "<style", " onclick=");
                assertThat(text)
                        .as(path)
                        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write");
            }
        }
    }

    @Test
    void aTagTellsWhetherABrowserHasIt() {
        PageFile file = files.find("/").orElseThrow();
        assertThat(file.etag()).matches("\"[0-9a-f]{24}\"");
        assertThat(file.matches("W/" + file.etag() + ", \"other\"")).isTrue();
        assertThat(file.matches("\"other\"")).isFalse();
        assertThat(files.find("/")).containsSame(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/x",
                "/index.html",
                "/embed/",
                "/embed/../x",
                "/embed/other",
                "/assets",
                "/assets/",
                "/assets/index.html",
                "/assets/PageFiles.class",
                "/assets/package.json",
                "/assets/webjars.properties",
                "/assets/../PageFiles.class",
                "/assets/js/../icon.svg",
                "/assets//icon.svg",
                "/assets/.hidden.js",
                "/assets/js/none.js",
                "/assets/uplot/../../uPlot.esm.js",
                "/assets/uplot/none.js",
                "/assets/client/model.d.ts",
                "/assets/client/../x.js",
                "/assets/js"
            })
    void allElseIsNot(String path) {
        assertThat(files.find(path)).isEmpty();
    }

    private String text(String path) {
        PageFile file = files.find(path).orElseThrow(() -> new AssertionError(path + " is missing"));
        return new String(file.bytes(), StandardCharsets.UTF_8);
    }
}
