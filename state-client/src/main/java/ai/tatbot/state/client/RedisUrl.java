package ai.tatbot.state.client;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A Redis URL, taken apart. */
record RedisUrl(
        boolean tls,
        String host,
        int port,
        @Nullable String username,
        @Nullable String password,
        int database) {
    static RedisUrl parse(String text) {
        URI uri;
        try {
            uri = URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            // The parser's own message would show the URL, and with it the password.
            throw new IllegalArgumentException(
                    "the Redis URL is malformed; expected redis://[user:password@]host[:port][/database], with special characters"
                            + " in the password percent-encoded");
        }
        String scheme = String.valueOf(uri.getScheme());
        switch (scheme) {
            case "redis", "rediss" -> {}
            case "redis-sentinel", "rediss-sentinel" ->
                throw new IllegalArgumentException(
                        scheme + ":// is not supported by this version; name the primary with redis://");
            case "redis-cluster", "rediss-cluster" ->
                throw new IllegalArgumentException(
                        "Redis Cluster is not supported; use a single Redis, or one with replicas");
            default -> throw new IllegalArgumentException("the Redis URL must begin with redis:// or rediss://");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "the Redis URL must end with the database, as in redis://host:6379/2; options behind ? or # are not known");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("the Redis URL has no host; expected " + scheme
                    + "://[user:password@]host[:port][/database], with special"
                    + " characters in the password percent-encoded");
        }
        String host = uri.getHost().startsWith("[")
                ? uri.getHost().substring(1, uri.getHost().length() - 1)
                : uri.getHost();
        return new RedisUrl(
                scheme.equals("rediss"),
                host,
                uri.getPort() < 0 ? 6379 : uri.getPort(),
                credential(uri.getRawUserInfo(), true),
                credential(uri.getRawUserInfo(), false),
                database(uri));
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
        builder.host(host).port(port).tls(tls).database(database);
        if (username != null) {
            builder.username(username);
        }
        if (password != null) {
            builder.password(password);
        }
    }
}
