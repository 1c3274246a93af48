package ai.tatbot.state.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.server.docs.DocsFile;
import ai.tatbot.state.server.docs.DocsSite;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The documentation as people get it. */
class ManualTest {
    private static final DocsSite SITE = Manual.site();
    private static final Pattern LINK = Pattern.compile(" (?:href|src)=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile(" id=\"([^\"]*)\"");

    private static String text(String path) {
        return new String(SITE.find(path).orElseThrow().bytes(), StandardCharsets.UTF_8);
    }

    private static List<DocsFile> pages() {
        return SITE.all().stream().filter(file -> file.path().endsWith(".html")).toList();
    }

    private static Set<String> found(Pattern pattern, String path) {
        return pattern.matcher(text(path))
                .results()
                .map((MatchResult each) -> each.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyLinkLeadsToAPageAndAPlaceOnIt() {
        List<String> broken = new ArrayList<>();
        for (DocsFile page : pages()) {
            for (String link : found(LINK, page.path())) {
                URI target = URI.create("/" + page.path()).resolve(link.replace("&amp;", "&"));
                if (target.isAbsolute()) {
                    continue;
                }
                String path = target.getPath().substring(1);
                String place = target.getFragment();
                if (SITE.find(path).isEmpty()
                        || (place != null && !found(ID, path).contains(place))) {
                    broken.add(page.path() + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void eachPageHasATitleAndTheContents() {
        assertThat(pages()).hasSizeGreaterThan(50).allSatisfy(page -> {
            assertThat(text(page.path())).as(page.path()).containsPattern("<title>[^<]+ - Tatbot state</title>");
            assertThat(text(page.path())).as(page.path()).containsPattern("href=\"[./a-z]*viewer.html\"");
        });
    }

    @Test
    void theReferenceHasEveryThing() {
        assertThat(text("reference/models.html")).contains("cpu_percent", "joints_l", "<td>rad</td>", "0 to 100");
        assertThat(text("reference/events.html")).contains("SessionTakeover", "progress_update");
        assertThat(text("reference/keys.html")).contains("stroke:progress:{session_id}", "24 hours", "lease_until");
        assertThat(text("reference/channels.html")).contains("stroke:events:session", "older nodes");
        for (Reason reason : Reason.values()) {
            assertThat(text("reference/errors.html")).contains("<code>" + reason + "</code>");
        }
        assertThat(text("reference/cli.html")).contains("--chaos", "node rotate", "Redis unavailable");
        assertThat(text("reference/configuration.html")).contains("REDIS_TLS_CA_FILE", "STATE_REAPER=true");
        assertThat(text("reference/metrics.html")).contains("tatbot_event_latency_seconds", "tatbot_mcp_sessions");
        assertThat(text("reference/mcp.html")).contains("get_state", "since_revision", "state://robot/{node_id}");
    }

    @Test
    void commentsForTestsAreNoText() {
        assertThat(pages()).noneSatisfy(page -> assertThat(text(page.path())).contains("run by"));
    }
}
