package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How long the certificates are valid: what Redis shows, what this node shows, and the authority that it trusts. */
final class CertificateCheck extends Check {
    /** Time enough to renew it at leisure. */
    private static final Duration SOON = Duration.ofDays(30);

    CertificateCheck() {
        super(Part.CONNECTION, "certificate");
    }

    @Override
    Result examine(Examination examination) {
        StateOptions options = examination.options();
        if (!options.tls()) {
            return Result.none();
        }
        examination.contact().requireTlsTried();
        Instant now = examination.now();
        List<Dated> all = new ArrayList<>();
        try {
            TlsLook look = TlsLook.at(examination.contact(), options);
            all.add(new Dated("that of Redis", look.certificate()));
            look.chain().stream().skip(1).forEach(one -> all.add(new Dated("that of its authority", one)));
        } catch (IOException e) {
            return Result.notChecked("no certificate was shown");
        }
        options.tlsCertFile().ifPresent(file -> all.addAll(read(file)));
        options.tlsCaFile().ifPresent(file -> all.addAll(read(file)));
        Optional<Dated> early = all.stream()
                .filter(one -> now.isBefore(one.certificate.getNotBefore().toInstant()))
                .findFirst();
        if (early.isPresent()) {
            return Result.fail(
                    early.get().whose + " is valid from "
                            + day(early.get().certificate.getNotBefore().toInstant()) + " only",
                    "Look at the clock of this machine; else wait, or issue another.");
        }
        Dated first = all.stream().min(Comparator.comparing(Dated::end)).orElseThrow();
        Duration left = Duration.between(now, first.end());
        String renew = "Renew it (Redis takes a new one by CONFIG SET tls-cert-file, or a restart).";
        Result result;
        if (left.isNegative()) {
            result = Result.fail(
                    first.whose + " expired on " + day(first.end()) + ", " + Words.span(left) + " ago", renew);
        } else if (left.compareTo(SOON) < 0) {
            result = Result.warn(first.whose + " expires on " + day(first.end()) + ", in " + Words.span(left), renew);
        } else {
            result = Result.ok("valid until " + day(first.end()) + ", for " + left.toDays() + " more days");
        }
        return result.with("expires_at", first.end().toString()).with("days_left", left.toDays());
    }

    private static List<Dated> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            List<Dated> read = new ArrayList<>();
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                if (one instanceof X509Certificate certificate) {
                    read.add(new Dated("that in " + Words.safe(file.toString()), certificate));
                }
            }
            return read;
        } catch (IOException | CertificateException e) {
            throw new NotCheckedException("cannot read " + Words.safe(file.toString()));
        }
    }

    private static String day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    private record Dated(String whose, X509Certificate certificate) {
        Instant end() {
            return certificate.getNotAfter().toInstant();
        }
    }
}
