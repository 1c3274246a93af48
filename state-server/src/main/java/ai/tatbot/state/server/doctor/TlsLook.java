package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.StateOptions.Address;
import ai.tatbot.state.server.doctor.Contact.Port;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificate that a server shows, trusted or not: so that what is wrong with it can be said.
 *
 * @param chain its certificate, then those up to the authority
 */
record TlsLook(String protocol, String cipher, List<X509Certificate> chain) {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    /**
     * Greets, looks, and hangs up. Nothing is sent over the connection, since it is not known who is there.
     *
     * @throws IOException if no certificate is shown
     */
    static TlsLook at(Contact contact, StateOptions options) throws IOException {
        Address server = contact.ports().stream()
                .filter(Port::isOpen)
                .findFirst()
                .map(Port::server)
                .orElseThrow(() -> new IOException("nobody listens"));
        Keeper keeper = new Keeper();
        int millis = (int) Math.max(1, options.timeout().toMillis());
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(server.host(), server.port()), millis);
            plain.setSoTimeout(millis);
            SSLSocket socket = (SSLSocket)
                    context(keeper).getSocketFactory().createSocket(plain, server.host(), server.port(), true);
            socket.startHandshake();
            return new TlsLook(
                    socket.getSession().getProtocol(), socket.getSession().getCipherSuite(), keeper.chain);
        } catch (IOException e) {
            if (keeper.chain.isEmpty()) {
                throw e;
            }
            // It asks for one of ours, which is not shown here; but its own it has shown before.
            return new TlsLook("TLS", "", keeper.chain);
        }
    }

    private static SSLContext context(TrustManager keeper) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {keeper}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    String issuer() {
        return certificate().getIssuerX500Principal().getName();
    }

    /** Whether every certificate in the chain has begun and not expired. */
    boolean isTimely(Instant now) {
        return chain.stream()
                .noneMatch(one -> now.isBefore(one.getNotBefore().toInstant())
                        || now.isAfter(one.getNotAfter().toInstant()));
    }

    /** The names and addresses that it is for. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> entries = certificate().getSubjectAlternativeNames();
            if (entries != null) {
                for (List<?> entry : entries) {
                    if (entry.get(0) instanceof Integer type && (type == DNS_NAME || type == IP_ADDRESS)) {
                        names.add(Words.safe(String.valueOf(entry.get(1))));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of("nobody: its names cannot be read");
        }
        return names.isEmpty() ? List.of("no name") : names;
    }

    /** Whether one of its names is this. */
    boolean isFor(String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        return names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.equals(wanted)
                        || (name.startsWith("*.")
                                && wanted.indexOf('.') > 0
                                && wanted.substring(wanted.indexOf('.')).equals(name.substring(1))));
    }

    /** Trusts everyone, and keeps what it is shown. */
    private static final class Keeper extends X509ExtendedTrustManager {
        private List<X509Certificate> chain = List.of();

        @Override
        public void checkServerTrusted(X509Certificate[] shown, String type) {
            chain = List.of(shown);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] shown, String type, Socket socket) {
            chain = List.of(shown);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] shown, String type, SSLEngine engine) {
            chain = List.of(shown);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] shown, String type) throws CertificateException {
            throw new CertificateException("nobody is served here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] shown, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("nobody is served here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] shown, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("nobody is served here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
