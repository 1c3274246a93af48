package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateOptions.Address;
import ai.tatbot.state.client.internal.Script;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One connection to a Redis. Its answers come in the order of what was sent. Belongs to the thread of the connection. */
final class Link {
    private final Address address;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Sender sender;
    private final Set<Script> known = new HashSet<>();

    Link(Address address, StatefulRedisConnection<byte[], byte[]> connection, Sender sender) {
        this.address = address;
        this.connection = connection;
        this.sender = sender;
    }

    Address address() {
        return address;
    }

    /**
     * What goes before the rest of a call. A script goes as its text the first time, so that Redis knows it from there on, and the next
     * one, which goes behind it, need not wait for that.
     */
    byte[] head(Call call) {
        Script.Call script = call.script();
        if (script == null) {
            return call.frame().head();
        }
        boolean isKnown = !known.add(script.script());
        return call.frame().head(script.script(), isKnown && !call.isByText());
    }

    /** Redis has forgotten a script. */
    void forget(Script script) {
        known.remove(script);
    }

    /** Sends these in one flush. */
    void send(List<WireCommand> commands) {
        connection.dispatch(commands);
    }

    void answered(WireCommand command) {
        sender.answered(this, command);
    }

    /** @param why null if Lettuce has given a command up without a reason */
    void broken(@Nullable Throwable why) {
        sender.lost(this, why);
    }

    void close() {
        CompletableFuture<Void> unused = connection.closeAsync();
    }
}
