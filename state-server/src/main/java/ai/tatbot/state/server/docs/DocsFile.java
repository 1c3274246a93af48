package ai.tatbot.state.server.docs;

/**
 * A file of the documentation.
 *
 * @param path from the documentation's root on, such as {@code guides/viewer.html}
 * @param contentType for the header {@code Content-Type}
 * @param bytes contents; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record DocsFile(String path, String contentType, byte[] bytes) {}
