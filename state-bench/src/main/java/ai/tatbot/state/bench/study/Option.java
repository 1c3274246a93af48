package ai.tatbot.state.bench.study;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * One way of writing one update.
 *
 * @param name what the tables call it
 * @param commands the commands of which Redis' own timing ({@code INFO commandstats}) makes up the update
 * @param watched whether the connection holds a {@code WATCH} on the key between updates
 * @param fresh whether it is the first write of its key
 * @param sender buffers the commands of one update of a key
 */
record Option(String name, List<String> commands, boolean watched, boolean fresh, BiConsumer<Wire, String> sender) {
    Option(String name, List<String> commands, BiConsumer<Wire, String> sender) {
        this(name, commands, false, false, sender);
    }

    void send(Wire wire, String key) {
        sender.accept(wire, key);
    }

    @Override
    public String toString() {
        return name;
    }
}
