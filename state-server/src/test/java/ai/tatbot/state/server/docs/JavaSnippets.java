package ai.tatbot.state.server.docs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles Java of the documentation: whole programs as they are, fragments with what a reader has in mind around them. */
final class JavaSnippets {
    private static final Pattern PROGRAM =
            Pattern.compile("(?m)^(?:public |final )*(?:class|record|interface|enum) (\\w+)");

    private static final String AROUND = """
            import ai.tatbot.state.client.*;
            import ai.tatbot.state.client.async.*;
            import ai.tatbot.state.client.health.*;
            import ai.tatbot.state.model.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            import org.slf4j.Logger;
            class Fragment {
                StateManager state; StateOptions options; StrokeSession session; StatePublisher publisher; StateMirror fleet;
                RobotState robotState; Logger log;
                void draw(Object... values) {}
                void show(Object... values) {}
                void run() throws Exception {
            """;

    private final Path classes;

    /** @param classes where compiled classes go */
    JavaSnippets(Path classes) {
        this.classes = classes;
    }

    /** Name of the class of a whole program; empty for a fragment. */
    static String program(Snippet snippet) {
        Matcher matcher = PROGRAM.matcher(snippet.text());
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Package that a snippet is put into, so that two may have a class of the same name. */
    static String packageOf(Snippet snippet) {
        return "snippet." + snippet.file().toString().replaceAll("[^A-Za-z0-9]", "_") + "_" + snippet.line();
    }

    /** What the compiler has against them, each with its place. */
    List<String> compile(List<Snippet> snippets) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        Files.createDirectories(classes);
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, null)) {
            compiler.getTask(
                            null,
                            files,
                            found,
                            List.of("-d", classes.toString(), "-proc:none", "-Xlint:-options"),
                            null,
                            snippets.stream().map(Source::new).toList())
                    .call();
        }
        List<String> said = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> each : found.getDiagnostics()) {
            if (each.getKind() == Diagnostic.Kind.ERROR && each.getSource() instanceof Source source) {
                said.add(source.snippet.file() + ":" + source.line(each.getLineNumber()) + " "
                        + each.getMessage(java.util.Locale.ROOT));
            } else if (each.getKind() == Diagnostic.Kind.ERROR) {
                said.add(each.toString());
            }
        }
        return said;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final Snippet snippet;
        private final String head;

        Source(Snippet snippet) {
            super(
                    URI.create("string:///" + packageOf(snippet).replace('.', '/') + "/"
                            + (program(snippet).isEmpty() ? "Fragment" : program(snippet)) + ".java"),
                    Kind.SOURCE);
            this.snippet = snippet;
            this.head =
                    "package " + packageOf(snippet) + ";\n" + (program(snippet).isEmpty() ? AROUND : "");
        }

        long line(long inSource) {
            return inSource - head.lines().count() + snippet.line() - 1;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return head + snippet.text() + (program(snippet).isEmpty() ? "}}" : "");
        }
    }
}
