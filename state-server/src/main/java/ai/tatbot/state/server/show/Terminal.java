package ai.tatbot.state.server.show;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where the program writes: standard output and standard error, and what the terminal behind them can do.
 *
 * @param out standard output
 * @param err standard error
 * @param interactive whether standard output is a terminal on which lines can be redrawn
 * @param coloured whether it may be written to in colour
 * @param unicode whether it shows more than ASCII
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean coloured, boolean unicode) {
    private static final int USUAL_COLUMNS = 80;

    /** That of the process. */
    public static Terminal ofProcess(Map<String, String> environment) {
        return of(
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                isTerminal(Path.of("/proc/self/fd/1")),
                environment);
    }

    static Terminal of(PrintStream out, PrintStream err, boolean isTerminal, Map<String, String> environment) {
        boolean interactive =
                isTerminal && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        // https://no-color.org: set and not empty, whatever its value
        boolean coloured =
                interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(out, err, interactive, coloured, isUtf8(environment));
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    private static boolean isTerminal(Path link) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return testSaysTerminal();
        }
    }

    /** Where there is no /proc. The JDK itself only answers for standard input and output together. */
    private static boolean testSaysTerminal() {
        try {
            return new ProcessBuilder("test", "-t", "1").inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isUtf8(Map<String, String> environment) {
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String value = environment.getOrDefault(name, "");
            if (!value.isEmpty()) {
                String locale = value.toUpperCase(Locale.ROOT);
                return locale.contains("UTF-8") || locale.contains("UTF8");
            }
        }
        return false;
    }

    /** The text, set off if the terminal has colours. */
    public String styled(String text, Style... styles) {
        if (!coloured || styles.length == 0) {
            return text;
        }
        StringBuilder codes = new StringBuilder();
        for (Style style : styles) {
            codes.append(codes.isEmpty() ? "" : ";").append(style.code());
        }
        return "\u001b[" + codes + "m" + text + "\u001b[0m";
    }

    /** The first of the two where it can be shown, else the second. */
    public String either(String fine, String plain) {
        return unicode ? fine : plain;
    }

    /** Width of the terminal now; 80 if it cannot be known. Takes a few milliseconds. */
    public int columns() {
        if (!interactive) {
            return USUAL_COLUMNS;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (stty.waitFor(1, TimeUnit.SECONDS) && size.matches("\\d{1,5} \\d{1,5}")) {
                int columns = Integer.parseInt(size.substring(size.indexOf(' ') + 1));
                return columns > 0 ? columns : USUAL_COLUMNS;
            }
        } catch (IOException e) {
            return USUAL_COLUMNS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return USUAL_COLUMNS;
    }
}
