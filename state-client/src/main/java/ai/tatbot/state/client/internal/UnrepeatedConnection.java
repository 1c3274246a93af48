package ai.tatbot.state.client.internal;

import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * A connection that, once closed, stays so. Jedis opens a new socket when a command is sent on a closed one: without our handshake, so
 * without password and database, perhaps to a server that is the primary no more; and whoever waits for answers of the old one would
 * take those of the new one for them. Closing it is thread-safe, nothing else.
 */
final class UnrepeatedConnection extends Connection {
    /** Without an initial value: Jedis' constructor connects, and would be forgotten. */
    private boolean opened;

    UnrepeatedConnection(HostAndPort address, JedisClientConfig config) {
        super(address, config);
    }

    UnrepeatedConnection(JedisSocketFactory sockets, JedisClientConfig config) {
        super(sockets, config);
    }

    /** @throws JedisConnectionException if it was connected and is no more */
    @Override
    public void connect() {
        if (!opened) {
            super.connect();
            opened = true;
        } else if (!isConnected()) {
            setBroken();
            throw new JedisConnectionException("the connection was closed");
        }
    }
}
