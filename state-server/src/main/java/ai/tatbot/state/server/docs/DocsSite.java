package ai.tatbot.state.server.docs;

import ai.tatbot.state.server.resource.ResourceFolder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The documentation as a site: each Markdown file that the program carries, and each page of the reference, as HTML; pictures beside them. Links
 * are relative, so it is the same from a server and from a folder. Immutable, and made at once, in some tenths of a second.
 */
public final class DocsSite {
    /** Its first page. */
    public static final String INDEX = "index.html";

    private static final String CONTENTS = "docs/README.md";
    private static final ResourceFolder PROJECT = new ResourceFolder("/ai/tatbot/state/server/docs/project/", CONTENTS);
    private static final ResourceFolder OWN = new ResourceFolder("/ai/tatbot/state/server/", "docs/" + PageFrame.STYLE);

    private final Map<String, DocsFile> files = new TreeMap<>();

    private DocsSite() {}

    /** The documentation with these pages as its reference. */
    public static DocsSite of(List<ReferencePage> reference) {
        Map<String, byte[]> sources = new TreeMap<>();
        for (String source : PROJECT.paths()) {
            if (!source.endsWith(".java")) {
                sources.put(source, PROJECT.read(source));
            }
        }
        for (ReferencePage page : reference) {
            sources.put(page.source(), page.markdown().getBytes(StandardCharsets.UTF_8));
        }
        SiteMap map = new SiteMap();
        sources.keySet().forEach(map::add);
        PageFrame frame =
                new PageFrame(map, page(CONTENTS, PROJECT.read(CONTENTS)).sections());
        DocsSite site = new DocsSite();
        sources.forEach((source, bytes) -> {
            String path = map.path(source).orElseThrow();
            site.add(path, path.endsWith(".html") ? utf8(frame.html(path, page(source, bytes))) : bytes);
        });
        site.add(
                PageFrame.STYLE, utf8(text(OWN.read("page/css/base.css")) + text(OWN.read("docs/" + PageFrame.STYLE))));
        return site;
    }

    private static MarkdownPage page(String source, byte[] markdown) {
        return new MarkdownPage(source, text(markdown));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void add(String path, byte[] bytes) {
        files.put(path, new DocsFile(path, type(path), bytes));
    }

    private static String type(String path) {
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "svg" -> "image/svg+xml";
            case "png" -> "image/png";
            default -> "text/plain; charset=utf-8";
        };
    }

    /** The file at this path, if there is one. */
    public Optional<DocsFile> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** All of them. */
    public Collection<DocsFile> all() {
        return files.values();
    }
}
