package ai.tatbot.state.client.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** A Lua script of ours: its text, and the hash by which Redis knows it. */
final class Script {
    private final byte[] text;
    private final byte[] sha1;

    private Script(byte[] text) {
        this.text = text;
        this.sha1 = HexFormat.of().formatHex(sha1(text)).getBytes(StandardCharsets.US_ASCII);
    }

    static Script named(String resource) {
        try (InputStream in = Script.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the jar");
            }
            return new Script(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it; one round trip, but for the first time after Redis has started. */
    Object run(Exchange exchange, List<byte[]> keys, List<byte[]> arguments) {
        try {
            return exchange.execute(RedisConnections.commands().evalsha(sha1, keys, arguments));
        } catch (JedisNoScriptException e) {
            // A Redis that has just started does not know the script; nothing was done.
            return exchange.execute(RedisConnections.commands().eval(text, keys, arguments));
        }
    }

    private static byte[] sha1(byte[] text) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(text);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
