package ai.tatbot.state.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.eclipse.jetty.io.SelectorManager;
import org.jspecify.annotations.Nullable;

/** Closes connections at once of which an address has too many. Loopback may have all. */
final class ConnectionsPerAddress implements SelectorManager.AcceptListener {
    private final int most;
    private final ConcurrentMap<SelectableChannel, InetAddress> open = new ConcurrentHashMap<>();
    private final ConcurrentMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();

    ConnectionsPerAddress(int most) {
        this.most = most;
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        InetAddress address = address(channel);
        if (address == null || address.isLoopbackAddress()) {
            return;
        }
        open.put(channel, address);
        if (counts.merge(address, 1, Integer::sum) > most) {
            try {
                channel.close();
            } catch (IOException e) {
                // It is as good as closed; what becomes of it is told to onAcceptFailed.
                forget(channel);
            }
        }
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, @Nullable Throwable cause) {
        forget(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        forget(channel);
    }

    /** How many connections of this address there are. */
    int count(InetAddress address) {
        return counts.getOrDefault(address, 0);
    }

    private void forget(SelectableChannel channel) {
        InetAddress address = open.remove(channel);
        if (address != null) {
            counts.computeIfPresent(address, (key, count) -> count > 1 ? count - 1 : null);
        }
    }

    private static @Nullable InetAddress address(SelectableChannel channel) {
        try {
            return channel instanceof SocketChannel socket
                            && socket.getRemoteAddress() instanceof InetSocketAddress remote
                    ? remote.getAddress()
                    : null;
        } catch (IOException e) {
            return null;
        }
    }
}
