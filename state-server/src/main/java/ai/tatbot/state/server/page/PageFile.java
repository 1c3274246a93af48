package ai.tatbot.state.server.page;

/**
 * A file of the page. It never changes while the program runs.
 *
 * @param bytes contents; not to be changed
 * @param contentType for the header {@code Content-Type}
 * @param etag for the header {@code ETag}, with its quotation marks; another build's file has another
 * @param embeddable whether other sites, where the server allows it, may show it in a frame
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record PageFile(byte[] bytes, String contentType, String etag, boolean embeddable) {
    /** For the header {@code Cache-Control}: it may be kept, but has to be asked for each time. */
    public static final String CACHE_CONTROL = "no-cache";

    /** Whether a browser that sends this as {@code If-None-Match} has it already. */
    public boolean matches(String ifNoneMatch) {
        // A proxy that compresses makes the tag a weak one.
        return ifNoneMatch.equals("*") || ifNoneMatch.contains(etag);
    }
}
