package ai.tatbot.state.server.http.guard;

import ai.tatbot.state.server.access.RateLimiter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much anyone may ask for: principals by name, strangers by address. */
final class Callers {
    private static final Logger LOG = LoggerFactory.getLogger(Callers.class);
    private static final int MOST_NAMES = 10_000;

    /** Wrong tokens of one address: so many at once, and then one each second, are answered as such. */
    private static final int WRONG_TOKENS = 10;

    /** Of an IPv6 address whoever has one usually has the whole rest. */
    private static final int NETWORK_BYTES = 8;

    /** One warning a minute, however many addresses try. */
    private static final long WARNING_NANOS = 60_000_000_000L;

    private final RateLimiter requests;
    private final RateLimiter wrongTokens = new RateLimiter(1, WRONG_TOKENS, MOST_NAMES);
    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

    /** @param rate requests per second of each */
    Callers(int rate) {
        this.requests = new RateLimiter(rate, rate, MOST_NAMES);
    }

    /** Counts one request of this principal, or refuses it. */
    void take(String principal) throws Refusal {
        require(requests.take("principal " + principal));
    }

    /** Counts one request of someone who has not said who they are, or refuses it. */
    void takeStranger(Request request) throws Refusal {
        require(requests.take("address " + address(request)));
    }

    private static void require(long wait) throws Refusal {
        if (wait > 0) {
            throw Refusal.tooMany(
                    wait, "too_many_requests", "too many requests; Retry-After says when there may be more");
        }
    }

    /**
     * A wrong token was shown. Right ones are let in whatever others do from the same address, so nobody can be locked out; that
     * they are too long to be guessed is what keeps the door shut.
     */
    Refusal wrongToken(Request request) {
        String address = address(request);
        long wait = wrongTokens.take(address);
        if (wait <= 0) {
            return Refusal.invalidToken("the token is unknown, has expired, or was revoked");
        }
        long now = System.nanoTime();
        long due = nextWarning.get();
        if (now - due >= 0 && nextWarning.compareAndSet(due, now + WARNING_NANOS)) {
            LOG.warn("many wrong tokens from {}", address);
        }
        return Refusal.tooMany(wait, "too_many_attempts", "too many wrong tokens; Retry-After says when to try again");
    }

    private static String address(Request request) {
        if (!(request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote)) {
            return "unknown";
        }
        InetAddress address = remote.getAddress();
        if (address instanceof Inet6Address) {
            return HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES)) + "/64";
        }
        return address == null ? "unknown" : address.getHostAddress();
    }
}
