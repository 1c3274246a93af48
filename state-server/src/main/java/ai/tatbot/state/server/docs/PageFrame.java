package ai.tatbot.state.server.docs;

import ai.tatbot.state.server.docs.MarkdownPage.Section;
import ai.tatbot.state.server.docs.MarkdownPage.Target;
import java.util.List;
import java.util.stream.Collectors;

/** What stands around each page: the table of contents, and the page's own sections. Immutable. */
final class PageFrame {
    /** Its style, beside the pages. */
    static final String STYLE = "style.css";

    private static final String CURRENT = " aria-current=\"page\"";
    private static final int WORTH_A_LIST = 3;

    private final SiteMap map;
    private final List<Section> contents;

    /** @param contents sections of the documentation, with the pages that they link */
    PageFrame(SiteMap map, List<Section> contents) {
        this.map = map;
        this.contents = contents;
    }

    String html(String path, MarkdownPage page) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s - Tatbot state</title>
                <link rel="stylesheet" href="%2$s">
                </head>
                <body>
                <a class="skip" href="#content">Skip to the page</a>
                <div class="columns">
                <main id="content">
                <p class="to-contents"><a href="#contents">Contents</a></p>
                %5$s</main>
                %6$s<nav class="contents" id="contents" aria-label="Documentation">
                <a class="brand" href="%3$s"%7$s>Tatbot state</a>
                %4$s                </nav>
                </div>
                </body>
                </html>
                """.formatted(
                        escape(page.title()),
                        SiteMap.relative(path, STYLE),
                        SiteMap.relative(path, "index.html"),
                        contents(path),
                        page.html(map),
                        sections(page.sections()),
                        path.equals(DocsSite.INDEX) ? CURRENT : "");
    }

    private String contents(String path) {
        StringBuilder html = new StringBuilder();
        for (Section section : contents) {
            html.append("<h2>").append(escape(section.title())).append("</h2>\n<ul>\n");
            for (Target target : section.links()) {
                map.path(target.source())
                        .ifPresent(to -> html.append("<li><a href=\"")
                                .append(SiteMap.relative(path, to))
                                .append('"')
                                .append(to.equals(path) ? CURRENT : "")
                                .append('>')
                                .append(escape(target.title()))
                                .append("</a></li>\n"));
            }
            html.append("</ul>\n");
        }
        return html.toString();
    }

    private static String sections(List<Section> sections) {
        return sections.size() < WORTH_A_LIST
                ? ""
                : sections.stream()
                        .map(section ->
                                "<li><a href=\"#" + section.id() + "\">" + escape(section.title()) + "</a></li>\n")
                        .collect(Collectors.joining(
                                "", "<nav class=\"sections\" aria-label=\"On this page\">\n<ul>\n", "</ul>\n</nav>\n"));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
