package ai.tatbot.state.bench.peers;

import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;

/** Programs on the PATH. */
final class Programs {
    private static final Pattern SEPARATOR = Pattern.compile(":");

    private Programs() {}

    /** @throws FileNotFoundException if there is none of that name; the message says so */
    static String find(String name) throws FileNotFoundException {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return SEPARATOR
                .splitAsStream(path)
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new FileNotFoundException("there is no " + name + " on the PATH"));
    }
}
