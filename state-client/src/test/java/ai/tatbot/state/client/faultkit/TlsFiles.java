package ai.tatbot.state.client.faultkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A throw-away authority and the certificates that it issues, as PEM files. Made by the {@code keytool} of this JDK, which
 * cannot write a key as PEM; that is done here.
 */
public final class TlsFiles {
    private static final String PASSWORD = "changeit";

    private final Path folder;

    private TlsFiles(Path folder) {
        this.folder = folder;
    }

    /** Makes an authority of its own in this folder, which is yours to delete. */
    public static TlsFiles create(Path folder) {
        TlsFiles files = new TlsFiles(folder);
        files.keytool(
                "-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=throw-away authority", "-ext", "bc:c");
        files.export("ca");
        return files;
    }

    /** PEM file of the authority's certificate. */
    public Path ca() {
        return folder.resolve("ca.crt");
    }

    /** A certificate for {@code localhost} and {@code 127.0.0.1}. */
    public Issued server() {
        return issue("server", "EC", "dns:localhost", "ip:127.0.0.1");
    }

    /** A certificate for a client, with an EC key. */
    public Issued client() {
        return issue("client", "EC");
    }

    /**
     * Issues a certificate.
     *
     * @param name of the files, once
     * @param algorithm of the key: {@code EC} or {@code RSA}
     * @param hosts that it is valid for: {@code dns:localhost}, {@code ip:127.0.0.1}
     */
    public Issued issue(String name, String algorithm, String... hosts) {
        return issue(name, algorithm, 90, hosts);
    }

    /** Issues a certificate that is valid for so many days; else they are for 90. */
    public Issued issue(String name, String algorithm, int days, String... hosts) {
        return issue(name, algorithm, "+0d", days, hosts);
    }

    /**
     * Issues a certificate that is valid for so many days.
     *
     * @param begin when they begin: {@code -20d} is twenty days ago
     */
    public Issued issue(String name, String algorithm, String begin, int days, String... hosts) {
        List<String> arguments = new ArrayList<>(
                List.of("-genkeypair", "-alias", name, "-keyalg", algorithm, "-dname", "CN=" + name, "-signer", "ca"));
        arguments.addAll(List.of("-startdate", begin, "-validity", Integer.toString(days)));
        if (hosts.length > 0) {
            arguments.addAll(List.of("-ext", "san=" + String.join(",", hosts)));
        }
        keytool(arguments.toArray(String[]::new));
        return export(name);
    }

    private Path store() {
        return folder.resolve("store.p12");
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store().toString()));
        command.addAll(Arrays.asList(arguments));
        File log = folder.resolve("keytool.log").toFile();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("keytool failed: " + Files.readString(log.toPath()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keytool ran", e);
        }
    }

    private Issued export(String name) {
        char[] password = PASSWORD.toCharArray();
        Issued issued = new Issued(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
        try {
            KeyStore store = KeyStore.getInstance(store().toFile(), password);
            StringBuilder chain = new StringBuilder();
            for (Certificate certificate : store.getCertificateChain(name)) {
                chain.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            Key key = store.getKey(name, password);
            Files.writeString(issued.certificate, chain);
            Files.writeString(issued.key, pem("PRIVATE KEY", key.getEncoded()));
            return issued;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(content)
                + "\n-----END " + kind + "-----\n";
    }

    /**
     * A certificate and its key.
     *
     * @param certificate PEM file of it and its authority
     * @param key PEM file of the key, PKCS #8
     */
    public record Issued(Path certificate, Path key) {}
}
