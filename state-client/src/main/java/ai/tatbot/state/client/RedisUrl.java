package ai.tatbot.state.client;

import ai.tatbot.state.client.StateOptions.Address;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Redis URL, taken apart. No message shows a part of it, for the password may be anywhere in one that is malformed.
 *
 * @param servers the Redis, or the sentinels if {@code primaryName} is given
 * @param primaryName name by which the sentinels know the primary; null for a Redis named by itself
 */
record RedisUrl(
        boolean tls,
        List<Address> servers,
        @Nullable String primaryName,
        @Nullable String username,
        @Nullable String password,
        int database) {
    private static final String ENCODED = ", with special characters in the password percent-encoded";
    private static final String SENTINEL_FORM =
            "://[user:password@]host[:port],host[:port].../[database]#primary-name" + ENCODED;
    private static final Pattern SERVER = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9_.-]+)(?::([0-9]{1,5}))?");

    static RedisUrl parse(String text) {
        URI uri;
        try {
            // Java takes the brackets of an IPv6 address for the only host there is.
            uri = URI.create(
                    text.contains("-sentinel://")
                            ? text.strip().replace("[", "%5B").replace("]", "%5D")
                            : text.strip());
        } catch (IllegalArgumentException e) {
            // The parser's own message would show the URL, and with it the password.
            throw new IllegalArgumentException(
                    "the Redis URL is malformed; expected redis://[user:password@]host[:port][/database]" + ENCODED);
        }
        String scheme = String.valueOf(uri.getScheme());
        return switch (scheme) {
            case "redis", "rediss" -> single(uri, scheme);
            case "redis-sentinel", "rediss-sentinel" -> sentinels(uri, scheme);
            case "redis-cluster", "rediss-cluster" ->
                throw new IllegalArgumentException(
                        "Redis Cluster is not supported; use a single Redis, or one with replicas");
            default ->
                throw new IllegalArgumentException(
                        "the Redis URL must begin with redis://, rediss://, redis-sentinel:// or rediss-sentinel://");
        };
    }

    private static RedisUrl single(URI uri, String scheme) {
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "the Redis URL must end with the database, as in redis://host:6379/2; options behind ? or # are not known");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("the Redis URL has no host; expected " + scheme
                    + "://[user:password@]host[:port][/database]" + ENCODED);
        }
        return of(
                uri,
                scheme.equals("rediss"),
                List.of(new Address(unbracketed(uri.getHost()), uri.getPort() < 0 ? 6379 : uri.getPort())),
                null,
                uri.getRawUserInfo());
    }

    private static RedisUrl sentinels(URI uri, String scheme) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        int at = authority.indexOf('@');
        List<Address> servers = new ArrayList<>();
        for (String server : authority.substring(at + 1).split(",", -1)) {
            Matcher parts = SERVER.matcher(server.replace("%5B", "[").replace("%5D", "]"));
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "the Redis URL names no sentinels; expected " + scheme + SENTINEL_FORM);
            }
            servers.add(new Address(
                    unbracketed(parts.group(1)),
                    parts.group(2) == null ? Address.SENTINEL_PORT : Integer.parseInt(parts.group(2))));
        }
        return of(
                uri,
                scheme.equals("rediss-sentinel"),
                List.copyOf(servers),
                primaryName(uri, scheme),
                at < 0 ? null : authority.substring(0, at));
    }

    /** Behind the #; or, as other clients have it, in {@code ?sentinelMasterId=}. */
    private static String primaryName(URI uri, String scheme) {
        String name = uri.getFragment();
        if (uri.getQuery() != null) {
            String option = "sentinelMasterId=";
            if (!uri.getQuery().startsWith(option) || uri.getQuery().contains("&") || name != null) {
                throw new IllegalArgumentException("the Redis URL must end with #primary-name or ?" + option
                        + "primary-name; other options are not known");
            }
            name = uri.getQuery().substring(option.length());
        }
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException(
                    "the Redis URL does not name the primary; expected " + scheme + SENTINEL_FORM);
        }
        return name;
    }

    private static RedisUrl of(
            URI uri, boolean tls, List<Address> servers, @Nullable String primaryName, @Nullable String userInfo) {
        return new RedisUrl(
                tls, servers, primaryName, credential(userInfo, true), credential(userInfo, false), database(uri));
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static @Nullable String credential(@Nullable String userInfo, boolean user) {
        if (userInfo == null) {
            return null;
        }
        int colon = userInfo.indexOf(':');
        String raw = user
                ? (colon < 0 ? userInfo : userInfo.substring(0, colon))
                : colon < 0 ? "" : userInfo.substring(colon + 1);
        // A plus is a plus in this part of a URL; only percent-encoding counts.
        String decoded = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        return decoded.isEmpty() ? null : decoded;
    }

    private static int database(URI uri) {
        String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        if (path.isEmpty()) {
            return 0;
        }
        try {
            return Integer.parseInt(path);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the database in the Redis URL must be a number");
        }
    }

    void applyTo(StateOptions.Builder builder) {
        builder.tls(tls).database(database);
        if (primaryName == null) {
            builder.noSentinels()
                    .host(servers.get(0).host())
                    .port(servers.get(0).port());
        } else {
            builder.sentinels(primaryName, servers);
        }
        if (username != null) {
            builder.username(username);
        }
        if (password != null) {
            builder.password(password);
        }
    }
}
