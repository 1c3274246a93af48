package ai.tatbot.state.server.docs;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Reads commands of a shell, as far as the documentation has them. */
final class Shell {
    private Shell() {}

    /** A command a line, without comments and sudo; a line that ends with a backslash goes on. */
    static List<String> commands(String text) {
        return text.replaceAll("\\\\\\n\\s*", " ")
                .lines()
                .map(line -> line.replaceAll("(^|\\s)#.*", "")
                        .replaceFirst("^\\s*sudo ", "")
                        .strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** Whether a line has all words of a command, in their order. */
    static boolean hasWordsOf(String line, String command) {
        Iterator<String> words = Arrays.asList(line.split("[\\s\"'()]+", -1)).iterator();
        for (String word : command.split("\\s+", -1)) {
            boolean found = false;
            while (!found && words.hasNext()) {
                String next = words.next();
                found = next.equals(word) || next.endsWith("/" + word);
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }
}
