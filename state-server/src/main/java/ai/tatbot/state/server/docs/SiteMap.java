package ai.tatbot.state.server.docs;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which file of the project is at which path of the documentation. What lies under {@code docs/} keeps its place; what lies beside it is under
 * {@code project/}. Immutable once filled.
 */
final class SiteMap {
    private static final String DOCS = "docs/";
    private static final String PROJECT = "project/";
    private static final String MARKDOWN = ".md";
    private static final String README = "README.md";

    private final Map<String, String> paths = new TreeMap<>();

    /** Adds a file, by its path in the project. */
    void add(String source) {
        String path = source.startsWith(DOCS) ? source.substring(DOCS.length()) : PROJECT + source;
        if (path.endsWith(README)) {
            path = path.substring(0, path.length() - README.length()) + "index.html";
        } else if (path.endsWith(MARKDOWN)) {
            path = path.substring(0, path.length() - MARKDOWN.length()) + ".html";
        }
        paths.put(source, path);
    }

    /** Path of a file of the project, or of the page that describes a folder, if it is part of the documentation. */
    Optional<String> path(String source) {
        String readme = source.isEmpty() || source.endsWith("/") ? source + README : source + "/" + README;
        return Optional.ofNullable(paths.getOrDefault(source, paths.get(readme)));
    }

    /** What a page links to, as a path in the project: {@code ../b.md} in {@code docs/x/a.md} is {@code docs/b.md}. */
    static String resolve(String page, String link) {
        String folder = page.substring(0, page.lastIndexOf('/') + 1);
        StringBuilder resolved = new StringBuilder(folder);
        for (String part : link.split("/", -1)) {
            if (part.equals("..")) {
                int parent = resolved.lastIndexOf("/", resolved.length() - 2);
                resolved.setLength(parent + 1);
            } else if (!part.equals(".")) {
                resolved.append(part).append('/');
            }
        }
        return resolved.substring(0, Math.max(0, resolved.length() - 1));
    }

    /** Address of one path as seen from another. */
    static String relative(String from, String to) {
        String[] here = from.split("/", -1);
        String[] there = to.split("/", -1);
        int same = 0;
        while (same < here.length - 1 && same < there.length - 1 && here[same].equals(there[same])) {
            same++;
        }
        StringBuilder address = new StringBuilder("../".repeat(here.length - 1 - same));
        for (int i = same; i < there.length; i++) {
            address.append(there[i]).append(i < there.length - 1 ? "/" : "");
        }
        return address.toString();
    }
}
