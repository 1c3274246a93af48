package ai.tatbot.state.server.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files that the page is made of, by their addresses: {@code /}, {@code /embed/...} for one panel alone, {@code /assets/...},
 * {@code /favicon.ico}. They come from the class path and are kept once read. Safe for use by many threads.
 */
public final class PageFiles {
    /** What can be shown alone, under {@code /embed/}. */
    public static final Set<String> PANELS = Set.of("progress", "timeline", "joints", "nodes", "events");

    private static final String ASSETS = "/assets/";
    private static final String CHART_ASSETS = "uplot/";
    private static final String CLIENT_ASSETS = "client/";
    private static final String CLIENT_FOLDER = "/ai/tatbot/state/typescript/";
    private static final String EMBED = "/embed/";

    /** No empty part, none that begins with a dot; the last has an extension, or it is a folder. */
    private static final Pattern ASSET =
            Pattern.compile("([a-z0-9][a-zA-Z0-9_-]*/){0,3}[a-zA-Z0-9_-]+([.][a-zA-Z0-9]+)+");

    /** The classes of this package lie beside its files; what has no type here is not served. */
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, PageFile> files = new ConcurrentHashMap<>();
    private final String chartFolder = "/META-INF/resources/webjars/uplot/" + chartVersion() + "/dist/";

    /** The file at this path of an address, without its query, if there is one. */
    public Optional<PageFile> find(String path) {
        PageFile known = files.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        String resource = resource(path);
        byte[] bytes = resource == null ? null : read(resource);
        if (resource == null || bytes == null) {
            return Optional.empty();
        }
        PageFile file = new PageFile(bytes, type(resource), etag(bytes), path.startsWith(EMBED));
        // As many as there are files, since only what exists gets here.
        files.put(path, file);
        return Optional.of(file);
    }

    private @Nullable String resource(String path) {
        if (path.equals("/")) {
            return "index.html";
        }
        if (path.equals("/favicon.ico")) {
            return "icon.svg";
        }
        if (path.startsWith(EMBED)) {
            return PANELS.contains(path.substring(EMBED.length())) ? "embed.html" : null;
        }
        if (!path.startsWith(ASSETS)) {
            return null;
        }
        String asset = path.substring(ASSETS.length());
        if (!ASSET.matcher(asset).matches() || !TYPES.containsKey(extension(asset)) || asset.endsWith(".html")) {
            return null;
        }
        if (asset.startsWith(CLIENT_ASSETS)) {
            return CLIENT_FOLDER + asset;
        }
        return asset.startsWith(CHART_ASSETS) ? chartFolder + asset.substring(CHART_ASSETS.length()) : asset;
    }

    private static byte @Nullable [] read(String resource) {
        try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String resource) {
        String type = TYPES.get(extension(resource));
        if (type == null) {
            throw new IllegalStateException(resource);
        }
        return type;
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String chartVersion() {
        try (InputStream in = PageFiles.class.getResourceAsStream("webjars.properties")) {
            if (in == null) {
                throw new IllegalStateException("webjars.properties is missing");
            }
            Properties versions = new Properties();
            versions.load(in);
            return versions.getProperty("uplot");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
