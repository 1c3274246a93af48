package ai.tatbot.state.server.http;

import ai.tatbot.state.client.internal.TlsContext;
import ai.tatbot.state.server.http.ServerOptions.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's certificate: read when this is made, and again when its files have changed. Open connections stay as they are. */
final class Certificate extends AbstractLifeCycle {
    private static final Logger LOG = LoggerFactory.getLogger(Certificate.class);
    private static final long LOOK_SECONDS = 5;

    private final TlsFiles files;
    private final Scheduler scheduler;
    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private List<FileTime> times;
    private volatile Instant expiry;
    private volatile Scheduler.@Nullable Task next;

    /** @throws IllegalArgumentException if a file is no good; the message names it, and shows nothing of what is in it */
    Certificate(TlsFiles files, Scheduler scheduler) {
        this.files = files;
        this.scheduler = scheduler;
        factory.setSslContext(read(files));
        this.expiry = TlsContext.expiry(files.certificate());
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        this.times = times();
    }

    /** What connections are encrypted by. */
    SslContextFactory.Server factory() {
        return factory;
    }

    /** When the one in use expires, or one of those up to the authority does, whichever is first. */
    Instant expiry() {
        return expiry;
    }

    @Override
    protected void doStart() {
        schedule();
    }

    @Override
    protected void doStop() {
        Scheduler.Task task = next;
        if (task != null) {
            task.cancel();
        }
    }

    private void schedule() {
        next = scheduler.schedule(this::look, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        List<FileTime> now = times();
        if (!now.isEmpty() && !now.equals(times)) {
            times = now;
            reload();
        }
        if (isRunning()) {
            schedule();
        }
    }

    private void reload() {
        try {
            SSLContext context = read(files);
            Instant until = TlsContext.expiry(files.certificate());
            factory.reload(changed -> changed.setSslContext(context));
            expiry = until;
            LOG.info("a new certificate is in use, of {}", files.certificate());
        } catch (Exception e) {
            // Both files are seldom replaced at the same instant; the second one is another change.
            LOG.error("the certificate in use stays: {}", e.getMessage());
        }
    }

    private List<FileTime> times() {
        try {
            return List.of(Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.key()));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static SSLContext read(TlsFiles files) {
        checkMode(files.key());
        return TlsContext.load(null, files.certificate(), files.key()).orElseThrow();
    }

    private static void checkMode(Path key) {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(key, PosixFileAttributeView.class);
            if (view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
                throw new IllegalArgumentException(
                        "everyone on this machine can read the key in " + key + "; do: chmod o-rwx " + key);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read " + key + " (" + e.getClass().getSimpleName().replace("Exception", "") + ")", e);
        }
    }
}
