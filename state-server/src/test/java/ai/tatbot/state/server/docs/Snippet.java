package ai.tatbot.state.server.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of the documentation.
 *
 * @param file where it stands, from the project's root
 * @param line number of its first line
 * @param language what its fence says
 * @param text what is between its fences
 * @param runBy file of the project that a comment above it names as the one that runs it
 */
record Snippet(Path file, int line, String language, String text, Optional<String> runBy) {
    /** The project's root, as seen from a test. */
    static final Path ROOT = Path.of("..");

    private static final Pattern RUN_BY = Pattern.compile("<!-- run by (\\S+) -->");
    private static final List<String> FOLDERS = List.of("docs", "schema");

    @Override
    public String toString() {
        return file + ":" + line;
    }

    /** Every page that a person has written, from the project's root. */
    static List<Path> pages() {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        for (String folder : FOLDERS) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder), 3)) {
                files.filter(file -> file.toString().endsWith(".md"))
                        .map(ROOT::relativize)
                        .filter(file -> !file.toString().matches(".*(/target/|/node_modules/|/published/).*"))
                        .sorted()
                        .forEach(pages::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return pages;
    }

    /** All blocks of all pages. */
    static List<Snippet> all() {
        return pages().stream().flatMap(page -> in(page).stream()).toList();
    }

    /** All blocks in these languages. */
    static List<Snippet> all(String... languages) {
        return all().stream()
                .filter(snippet -> List.of(languages).contains(snippet.language))
                .toList();
    }

    /** All blocks of one page. */
    static List<Snippet> in(Path page) {
        List<Snippet> snippets = new ArrayList<>();
        List<String> lines = lines(page);
        Optional<String> runBy = Optional.empty();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher comment = RUN_BY.matcher(line);
            if (comment.matches()) {
                runBy = Optional.of(comment.group(1));
            } else if (line.startsWith("```")) {
                int end = i + 1;
                while (!lines.get(end).equals("```")) {
                    end++;
                }
                snippets.add(new Snippet(
                        page, i + 2, line.substring(3), String.join("\n", lines.subList(i + 1, end)) + "\n", runBy));
                runBy = Optional.empty();
                i = end;
            } else if (!line.isBlank()) {
                runBy = Optional.empty();
            }
        }
        return snippets;
    }

    private static List<String> lines(Path page) {
        try {
            return Files.readAllLines(ROOT.resolve(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
