package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.StateOptions.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

/**
 * Finds out whether a port speaks the other language, TLS or plain, once a greeting in the one that was asked for has failed:
 * Redis itself just closes the connection, or waits for more. Sends no password.
 */
final class PortProbe {
    private PortProbe() {}

    /** Whether it answers a TLS greeting, trusted or not. */
    static boolean speaksTls(Address address, Duration timeout) {
        try (Socket socket = connect(address, timeout);
                SSLSocket tls = (SSLSocket) SSLContext.getDefault()
                        .getSocketFactory()
                        .createSocket(socket, address.host(), address.port(), true)) {
            tls.startHandshake();
            return true;
        } catch (SSLHandshakeException e) {
            // It has shown a certificate that is not trusted here, or has asked for ours: either way it speaks TLS.
            return true;
        } catch (IOException | GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether it answers as a Redis does, without TLS. */
    static boolean speaksPlainRedis(Address address, Duration timeout) {
        try (Socket socket = connect(address, timeout)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            int first = socket.getInputStream().read();
            return first == '+' || first == '-';
        } catch (IOException e) {
            return false;
        }
    }

    private static Socket connect(Address address, Duration timeout) throws IOException {
        int millis = (int) Math.max(1, timeout.toMillis());
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address.host(), address.port()), millis);
            socket.setSoTimeout(millis);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
