package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a manager proves itself with, and what it trusts, as the files have it at that moment: asked for anew for each connection,
 * so that a password or certificate can be replaced while it runs. Thread-safe.
 */
public final class Credentials {
    private final Login redis;
    private final Login sentinel;
    private final @Nullable OfFiles<TlsContext> tls;

    /**
     * Those of the options.
     *
     * @param problems told of files that can be used no more
     * @throws IllegalArgumentException if a file for TLS is no good
     */
    Credentials(StateOptions options, Consumer<Problem> problems) {
        this.redis = Login.of(options.username(), options.password(), options.passwordFile(), problems);
        this.sentinel = Login.of(
                options.sentinelUsername(), options.sentinelPassword(), options.sentinelPasswordFile(), problems);
        this.tls = options.tls() ? tls(options, problems) : null;
    }

    private static OfFiles<TlsContext> tls(StateOptions options, Consumer<Problem> problems) {
        Optional<Path> ca = options.tlsCaFile();
        Optional<Path> certificate = options.tlsCertFile();
        Optional<Path> key = options.tlsKeyFile();
        List<Path> files =
                Stream.of(ca, certificate, key).flatMap(Optional::stream).toList();
        Function<List<FileContent>, TlsContext> maker = read -> TlsContext.of(
                ca.isPresent() ? read.get(0) : null,
                certificate.isPresent() ? read.get(read.size() - 2) : null,
                key.isPresent() ? read.get(read.size() - 1) : null);
        List<FileContent> contents = files.stream().map(FileContent::read).toList();
        return new OfFiles<>(files, maker, maker.apply(contents), contents, problems);
    }

    /** At Redis. */
    public Login redis() {
        return redis;
    }

    /** At sentinels. */
    Login sentinel() {
        return sentinel;
    }

    /** What the next connection is encrypted by; the same object until a file changes. Empty without TLS. May read files. */
    public Optional<TlsContext> tls() {
        return Optional.ofNullable(tls).map(OfFiles::current);
    }
}
