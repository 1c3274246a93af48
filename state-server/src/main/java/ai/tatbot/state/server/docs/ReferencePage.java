package ai.tatbot.state.server.docs;

/**
 * A page that no file holds, since it is made of what it describes.
 *
 * @param name of its file, such as {@code keys} for {@code docs/reference/keys.md}
 * @param markdown its text, in Markdown with tables; links are relative to that file
 */
public record ReferencePage(String name, String markdown) {
    /** Where it would lie if it were a file of the project. */
    String source() {
        return "docs/reference/" + name + ".md";
    }
}
