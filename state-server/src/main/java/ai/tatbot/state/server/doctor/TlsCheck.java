package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.server.doctor.Contact.Port;
import ai.tatbot.state.server.doctor.Contact.Stage;
import java.io.IOException;
import java.util.Optional;

/** Whether what goes over a network is encrypted, and the other side is who it should be. */
final class TlsCheck extends Check {
    TlsCheck() {
        super(Part.CONNECTION, "tls");
    }

    @Override
    Result examine(Examination examination) {
        StateOptions options = examination.options();
        Contact contact = examination.contact();
        contact.requireTlsTried();
        StateException failure = contact.login().failureAt(Stage.TLS);
        if (failure == null) {
            return options.tls() ? encrypted(examination) : plain(contact);
        }
        if (failure.reason() == Reason.MISCONFIGURED) {
            return Result.fail(
                    Words.of(failure),
                    options.tls()
                            ? "Name the TLS port in REDIS_URL."
                            : "Write rediss:// in REDIS_URL, and name the authority in REDIS_TLS_CA_FILE.");
        }
        Optional<TlsLook> look = look(examination);
        if (look.isPresent() && !look.get().isTimely(examination.now())) {
            return Result.notChecked("the certificate is not valid now");
        }
        String host = contact.servers().get(0).host();
        if (look.isPresent() && !look.get().isFor(host)) {
            return Result.fail(
                    "the certificate is for " + Words.some(look.get().names(), 4) + ", not for " + Words.safe(host),
                    "Name Redis in REDIS_URL as its certificate does, or give it a certificate for this name.");
        }
        return Result.fail(
                Words.of(failure),
                look.isPresent()
                        ? "The certificate shown was issued by "
                                + Words.safe(look.get().issuer())
                                + ". If that is right, put the authority's certificate into REDIS_TLS_CA_FILE; if Redis asks for"
                                + " one of ours, set REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE."
                        : "Look at the TLS settings of Redis, and at its log.");
    }

    private static Optional<TlsLook> look(Examination examination) {
        try {
            return Optional.of(TlsLook.at(examination.contact(), examination.options()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Result encrypted(Examination examination) {
        Optional<TlsLook> look = look(examination);
        return look.map(seen -> Result.ok(seen.protocol() + ", certificate and host name verified")
                        .with("protocol", seen.protocol())
                        .with("cipher", seen.cipher()))
                .orElseGet(() -> Result.ok("certificate and host name verified"));
    }

    private static Result plain(Contact contact) {
        Optional<Port> distant = contact.ports().stream()
                .filter(port -> !port.address().isLoopbackAddress())
                .findFirst();
        return distant.map(port -> Result.warn(
                        "none, to " + port.server() + " over the network: passwords and state can be read on the way",
                        "Give Redis a certificate and a TLS port, and write rediss:// in REDIS_URL."))
                .orElseGet(() -> Result.ok("none, and none is needed: what is sent does not leave this machine"));
    }
}
