package ai.tatbot.state.client.internal;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Connects, and greets by TLS at once, so that what is wrong with it is known before anything is sent. Thread-safe. */
final class TlsSocketFactory extends DefaultJedisSocketFactory {
    private final SSLSocketFactory factory;

    TlsSocketFactory(HostAndPort address, JedisClientConfig config, SSLSocketFactory factory) {
        super(address, config);
        this.factory = factory;
    }

    @Override
    public Socket createSocket() {
        Socket plain = super.createSocket();
        try {
            SSLSocket tls = (SSLSocket) factory.createSocket(
                    plain, getHostAndPort().getHost(), getHostAndPort().getPort(), true);
            SSLParameters verified = tls.getSSLParameters();
            // Java does not verify the name in a certificate unless told to.
            verified.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(verified);
            tls.startHandshake();
            return tls;
        } catch (IOException e) {
            try {
                plain.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw new JedisConnectionException("no TLS: " + e.getMessage(), e);
        }
    }
}
