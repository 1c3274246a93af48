package ai.tatbot.state.client.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What TLS connections are made with: a context made of PEM files, as Redis and OpenSSL write them, or that of this Java. Immutable,
 * but for the sessions that a context remembers.
 */
public final class TlsContext {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private final @Nullable SSLContext context;
    private final @Nullable TrustManagerFactory trust;
    private final @Nullable KeyManagerFactory identity;

    private TlsContext(
            @Nullable SSLContext context, @Nullable TrustManagerFactory trust, @Nullable KeyManagerFactory identity) {
        this.context = context;
        this.trust = trust;
        this.identity = identity;
    }

    /**
     * Reads the files.
     *
     * @param caFile certificates to trust; null for those that Java trusts
     * @param certFile certificate to show, and behind it those up to the authority; null for none
     * @param keyFile its key; null for none
     * @return empty if no file is given
     * @throws IllegalArgumentException if a file is no good; the message names it, and shows nothing of what is in it
     */
    public static Optional<SSLContext> load(@Nullable Path caFile, @Nullable Path certFile, @Nullable Path keyFile) {
        return Optional.ofNullable(of(read(caFile), read(certFile), read(keyFile)).context);
    }

    private static @Nullable FileContent read(@Nullable Path file) {
        return file == null ? null : FileContent.read(file);
    }

    /** Of what was in the files, as {@link #load}. @throws IllegalArgumentException if a file is no good */
    static TlsContext of(@Nullable FileContent ca, @Nullable FileContent certificate, @Nullable FileContent key) {
        if (ca == null && certificate == null) {
            return new TlsContext(null, null, null);
        }
        try {
            TrustManagerFactory trust = ca == null ? null : trustManagers(ca);
            KeyManagerFactory identity = certificate == null || key == null ? null : keyManagers(certificate, key);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    identity == null ? null : identity.getKeyManagers(),
                    trust == null ? null : trust.getTrustManagers(),
                    null);
            return new TlsContext(context, trust, identity);
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(e);
        }
    }

    /** Makes sockets. */
    SSLSocketFactory sockets() {
        return context == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : context.getSocketFactory();
    }

    /** Whom to trust; empty for those whom Java trusts. */
    public Optional<TrustManagerFactory> trust() {
        return Optional.ofNullable(trust);
    }

    /** The certificate to show; empty for none. */
    public Optional<KeyManagerFactory> identity() {
        return Optional.ofNullable(identity);
    }

    /** When the first of these certificates expires. @throws IllegalArgumentException as {@link #load} */
    public static Instant expiry(Path certFile) {
        return certificates(FileContent.read(certFile)).stream()
                .map(certificate ->
                        ((X509Certificate) certificate).getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static IllegalArgumentException unusable(Exception e) {
        return new IllegalArgumentException("this Java cannot use the files for TLS: " + e.getMessage(), e);
    }

    private static TrustManagerFactory trustManagers(FileContent ca) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        int number = 0;
        for (Certificate certificate : certificates(ca)) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static KeyManagerFactory keyManagers(FileContent certificate, FileContent keyFile)
            throws GeneralSecurityException, IOException {
        List<? extends Certificate> chain = List.copyOf(certificates(certificate));
        PrivateKey key = key(keyFile);
        if (!matches(key, chain.get(0).getPublicKey())) {
            throw new IllegalArgumentException(keyFile + " is not the key of the first certificate in " + certificate);
        }
        KeyStore store = emptyStore();
        // The store never leaves this process.
        char[] noPassword = new char[0];
        store.setKeyEntry("node", key, noPassword, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, noPassword);
        return factory;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(FileContent file) {
        try {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(file.bytes()));
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException(file + " holds no certificate (BEGIN CERTIFICATE)");
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " holds no certificate that can be read (BEGIN CERTIFICATE)", e);
        }
    }

    private static PrivateKey key(FileContent file) {
        Matcher block = PEM.matcher(file.text());
        while (block.find()) {
            String kind = block.group(1);
            if (kind.equals("PRIVATE KEY")) {
                return key(file, block.group(2));
            }
            if (kind.equals("ENCRYPTED PRIVATE KEY")) {
                throw new IllegalArgumentException(file + " has a password; remove it: openssl pkcs8 -in " + file
                        + " -out new.pem, and let only its owner read the result");
            }
            if (kind.endsWith(" PRIVATE KEY")) {
                throw new IllegalArgumentException(file + " holds a key in the form BEGIN " + kind
                        + "; PKCS #8 (BEGIN PRIVATE KEY) is needed: openssl pkcs8 -topk8 -nocrypt -in " + file
                        + " -out new.pem");
            }
        }
        throw new IllegalArgumentException(file + " holds no key (BEGIN PRIVATE KEY)");
    }

    private static PrivateKey key(FileContent file, String base64) {
        PKCS8EncodedKeySpec spec;
        try {
            spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " holds a key that is damaged", e);
        }
        return key("RSA", spec)
                .or(() -> key("EC", spec))
                .orElseThrow(() ->
                        new IllegalArgumentException(file + " holds a key that is neither RSA nor EC, or is damaged"));
    }

    private static Optional<PrivateKey> key(String algorithm, PKCS8EncodedKeySpec spec) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(spec));
        } catch (InvalidKeySpecException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has RSA and EC", e);
        }
    }

    private static boolean matches(PrivateKey key, PublicKey certified) {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        byte[] text = {1, 2, 3};
        try {
            Signature signature =
                    Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
