package ai.tatbot.state.server.http.guard;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names by which this server may be called. A page of a foreign name that an attacker has pointed at this machine (DNS rebinding)
 * calls it by that foreign name, and is refused.
 */
final class AllowedHosts {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private final List<String> more;

    /** @param more further names, in small letters, {@code name} or {@code name:port} */
    AllowedHosts(List<String> more) {
        this.more = more;
    }

    /**
     * Whether this is the server.
     *
     * @param host as the header has it, or an origin behind {@code ://}
     * @param local where the connection ends
     * @param scheme the port that may be left out is that of this scheme
     */
    boolean allows(String host, @Nullable SocketAddress local, String scheme) {
        if (!(local instanceof InetSocketAddress here)) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        int standard = scheme.equals("https") ? 443 : 80;
        int colon = name.lastIndexOf(':');
        boolean hasPort = colon > name.lastIndexOf(']');
        String full = hasPort ? name : name + ":" + standard;
        String bare = hasPort ? name.substring(0, colon) : name;
        if (full.equals(bare + ":" + here.getPort())) {
            return LOOPBACK.contains(bare) || more.contains(bare) || more.contains(full) || isAddress(bare, here);
        }
        return more.contains(full);
    }

    /** An address is no name that anyone could point elsewhere. Asks no name server. */
    private static boolean isAddress(String bare, InetSocketAddress here) {
        InetAddress address = here.getAddress();
        if (address == null) {
            return false;
        }
        if (!bare.startsWith("[")) {
            return bare.equals(address.getHostAddress());
        }
        try {
            return InetAddress.getByName(bare).equals(address);
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
