package ai.tatbot.state.client.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** A Lua script of ours: its text, and the hash by which Redis knows it. */
public final class Script {
    private final byte[] text;
    private final byte[] sha1;

    private final byte[] startByName;
    private final byte[] startByText;

    private Script(byte[] text) {
        this.text = text;
        this.sha1 = sha1Hex(text).getBytes(StandardCharsets.US_ASCII);
        this.startByName = start("EVALSHA", sha1);
        this.startByText = start("EVAL", text);
    }

    private static byte[] start(String command, byte[] script) {
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        start.writeBytes(Namespace.bytes("$" + command.length() + "\r\n" + command + "\r\n$" + script.length + "\r\n"));
        start.writeBytes(script);
        start.writeBytes(Namespace.bytes("\r\n"));
        return start.toByteArray();
    }

    /**
     * The first two words of the command that runs it, as they go over the wire. Not to be changed.
     *
     * @param known whether Redis knows it, so that its hash is enough
     */
    public byte[] start(boolean known) {
        return known ? startByName : startByText;
    }

    /** A script made of these files, one behind the other: what several scripts share comes first. */
    static Script of(String... resources) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (String resource : resources) {
            try (InputStream in = Script.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException(resource + " is missing from the jar");
                }
                in.transferTo(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Script(text.toByteArray());
    }

    /** Runs it; one round trip, but for the first time after Redis has started. */
    Object run(Exchange exchange, List<byte[]> keys, List<byte[]> arguments) {
        try {
            return ScriptCommand.execute(exchange, sha1, keys, arguments);
        } catch (JedisNoScriptException e) {
            // A Redis that has just started does not know the script; nothing was done.
            return exchange.execute(command(false, keys, arguments).object());
        }
    }

    /** The command that runs it, for a pipeline: by its hash if this Redis is known to have it, else by its text. */
    ScriptCommand command(boolean known, List<byte[]> keys, List<byte[]> arguments) {
        return known
                ? new ScriptCommand(Command.EVALSHA, sha1, keys, arguments)
                : new ScriptCommand(Command.EVAL, text, keys, arguments);
    }

    /** Whether Redis does not know the script that was asked for by its hash; nothing was done. */
    public static boolean isUnknown(JedisDataException refusal) {
        return refusal instanceof JedisNoScriptException
                || String.valueOf(refusal.getMessage()).startsWith("NOSCRIPT");
    }

    /**
     * Runs calls in one round trip, but for scripts that this Redis does not know yet; each on its own, whatever becomes of the
     * others.
     */
    static List<Outcome> runAll(Connection connection, List<Call> calls) {
        Pipeline pipeline = new Pipeline(connection);
        List<Response<Object>> responses = new ArrayList<>(calls.size());
        for (Call call : calls) {
            responses.add(pipeline.executeCommand(
                    call.script.command(true, call.keys, call.arguments).object()));
        }
        pipeline.sync();
        List<Outcome> outcomes = new ArrayList<>(calls.size());
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            try {
                outcomes.add(new Outcome(text(reply(connection, call, responses.get(i))), null));
            } catch (JedisDataException e) {
                outcomes.add(new Outcome("", e));
            }
        }
        return outcomes;
    }

    private static Object reply(Connection connection, Call call, Response<Object> response) {
        try {
            return response.get();
        } catch (JedisNoScriptException e) {
            return connection.executeCommand(
                    call.script.command(false, call.keys, call.arguments).object());
        }
    }

    private static String text(Object reply) {
        return Namespace.text((byte[]) reply);
    }

    /** A script and what it is to be run with. */
    public record Call(Script script, List<byte[]> keys, List<byte[]> arguments) {
        CommandObject<Object> object(boolean known) {
            return script.command(known, keys, arguments).object();
        }
    }

    /**
     * What a call came to.
     *
     * @param error what Redis refused it with; null if it did not
     */
    record Outcome(String reply, @Nullable JedisDataException error) {}

    static String sha1Hex(byte[] text) {
        return HexFormat.of().formatHex(sha1(text));
    }

    private static byte[] sha1(byte[] text) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(text);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
