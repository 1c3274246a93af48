package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is made of files, and made anew when one of them has changed. While they are no good, such as in the middle of
 * being replaced, what they held before stays in force, and that is reported once. Thread-safe; looking at files may block.
 */
final class OfFiles<T> {
    private static final Logger LOG = LoggerFactory.getLogger(OfFiles.class);

    private final List<Path> files;
    private final Function<List<FileContent>, T> maker;
    private final Consumer<Problem> problems;

    private T value;
    private List<FileContent> contents;
    /** Of the files as they were read last; empty if they are to be read whatever they look like. */
    private List<FileStamp> stamps = List.of();

    private @Nullable String reported;

    /**
     * The thing as it was made when the program started.
     *
     * @param maker makes it of what is in the files, in their order; throws IllegalArgumentException, with a message that may be
     *     logged, if they are no good
     * @param first the thing itself
     * @param contents what it was made of; empty if that is not known any more
     * @param problems told of files that are no good
     */
    OfFiles(
            List<Path> files,
            Function<List<FileContent>, T> maker,
            T first,
            List<FileContent> contents,
            Consumer<Problem> problems) {
        this.files = List.copyOf(files);
        this.maker = maker;
        this.value = first;
        this.contents = List.copyOf(contents);
        this.problems = problems;
    }

    /** What the files hold now, or held when they were good last. */
    T current() {
        Problem problem;
        T current;
        synchronized (this) {
            problem = look();
            current = value;
        }
        // The program's own code, which may take its time.
        if (problem != null) {
            problems.accept(problem);
        }
        return current;
    }

    /** Has the files read the next time, though they may seem not to have changed. */
    synchronized void doubt() {
        stamps = List.of();
    }

    private @Nullable Problem look() {
        try {
            // Before they are read: what changes in between shows the next time.
            List<FileStamp> seen = stamps();
            if (seen.stream().anyMatch(FileStamp::streams) || seen.equals(stamps)) {
                return null;
            }
            take(files.stream().map(FileContent::read).toList());
            stamps = seen.stream().allMatch(FileStamp::isSettled) ? seen : List.of();
            if (reported != null) {
                LOG.info("{} can be used again", names());
                reported = null;
            }
            return null;
        } catch (IOException e) {
            return failed(
                    "cannot look at " + e.getMessage() + " (" + e.getClass().getSimpleName() + ")", e);
        } catch (IllegalArgumentException e) {
            return failed(String.valueOf(e.getMessage()), e);
        }
    }

    private List<FileStamp> stamps() throws IOException {
        List<FileStamp> seen = new ArrayList<>(files.size());
        for (Path file : files) {
            seen.add(FileStamp.of(file));
        }
        return seen;
    }

    private void take(List<FileContent> read) {
        if (isSame(read)) {
            return;
        }
        value = maker.apply(read);
        if (!contents.isEmpty()) {
            LOG.info("{} changed; what is in there now counts from the next connection on", names());
        }
        contents = read;
    }

    private boolean isSame(List<FileContent> read) {
        if (contents.isEmpty()) {
            return false;
        }
        for (int i = 0; i < read.size(); i++) {
            if (!Arrays.equals(read.get(i).bytes(), contents.get(i).bytes())) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Problem failed(String why, Exception cause) {
        stamps = List.of();
        if (why.equals(reported)) {
            return null;
        }
        reported = why;
        return new Problem(
                Problem.Kind.SIDE_EFFECT_FAILED,
                names(),
                why + "; what was read there before is used until that is mended.",
                cause);
    }

    private String names() {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
}
