package ai.tatbot.state.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.faultkit.Replaced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of files follows them, and outlives their bad moments. */
class OfFilesTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2025-08-18T20:09:37Z"));

    @TempDir
    Path folder;

    private final List<Problem> problems = new ArrayList<>();
    private int made;

    private OfFiles<String> of(String first, Path... files) {
        return new OfFiles<>(List.of(files), this::make, first, List.of(), problems::add);
    }

    private String make(List<FileContent> read) {
        String text = read.stream().map(FileContent::text).collect(Collectors.joining("+"));
        if (text.contains("bad")) {
            throw new IllegalArgumentException(read.get(0) + " is no good");
        }
        made++;
        return text;
    }

    private Path file(String name, String text) {
        return Replaced.by(folder.resolve(name), text);
    }

    private static void age(Path file) throws IOException {
        Files.setLastModifiedTime(file, LONG_AGO);
    }

    @Test
    void aFileThatIsReplacedIsReadAgain() throws IOException {
        Path file = file("password", "one");
        age(file);
        OfFiles<String> password = of("one", file);
        assertThat(password.current()).isEqualTo("one");
        file("password", "two");
        assertThat(password.current()).isEqualTo("two");
        // As a copy that keeps the time, of the same length, does it.
        Files.setLastModifiedTime(file("password", "six"), LONG_AGO);
        assertThat(password.current()).isEqualTo("six");
        assertThat(problems).isEmpty();
    }

    @Test
    void aFileThatIsWrittenInPlaceIsReadAgainWhateverItsTimeSays() throws IOException {
        Path file = file("password", "one");
        OfFiles<String> password = of("one", file);
        FileTime now = Files.getLastModifiedTime(file);
        assertThat(password.current()).isEqualTo("one");
        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, now);
        assertThat(password.current()).isEqualTo("two");
    }

    @Test
    void aFileThatStaysIsNotReadAgain() throws IOException {
        Path file = file("password", "one");
        age(file);
        OfFiles<String> password = of("one", file);
        password.current();
        made = 0;
        // Nothing in its time, size and inode tells of this.
        Files.writeString(file, "two");
        age(file);
        assertThat(password.current()).isEqualTo("one");
        password.doubt();
        assertThat(password.current()).isEqualTo("two");
        // Read, but made of the same as before.
        password.doubt();
        password.current();
        assertThat(made).isEqualTo(1);
    }

    @Test
    void whatIsNoGoodChangesNothingAndIsReportedOnce() throws IOException {
        Path file = file("password", "one");
        OfFiles<String> password = of("one", file);
        Files.delete(file);
        assertThat(password.current()).isEqualTo("one");
        assertThat(password.current()).isEqualTo("one");
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.SIDE_EFFECT_FAILED);
            assertThat(problem.source()).isEqualTo(file.toString());
            assertThat(problem.message())
                    .isEqualTo("cannot look at " + file
                            + " (NoSuchFileException); what was read there before is used until that is mended.");
        });
        file("password", "bad");
        password.current();
        password.current();
        assertThat(problems).hasSize(2);
        assertThat(problems.get(1).message())
                .isEqualTo(file + " is no good; what was read there before is used until that is mended.");
        file("password", "two");
        assertThat(password.current()).isEqualTo("two");
        file("password", "bad");
        assertThat(password.current()).isEqualTo("two");
        assertThat(problems).hasSize(3);
    }

    @Test
    void ofSeveralFilesEachCounts() {
        Path certificate = file("certificate", "c1");
        Path key = file("key", "k1");
        OfFiles<String> both = of("", certificate, key);
        assertThat(both.current()).isEqualTo("c1+k1");
        file("key", "k2");
        assertThat(both.current()).isEqualTo("c1+k2");
        file("certificate", "c2");
        assertThat(both.current()).isEqualTo("c2+k2");
    }

    @Test
    void aPipeIsNotReadASecondTime() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        OfFiles<String> password = of("one", pipe);
        // Reading it would wait for ever.
        assertThat(password.current()).isEqualTo("one");
        password.doubt();
        assertThat(password.current()).isEqualTo("one");
        assertThat(problems).isEmpty();
    }

    @Test
    void ofNoFilesItStays() {
        OfFiles<String> java = of("java");
        java.doubt();
        assertThat(java.current()).isEqualTo("java");
    }
}
