package ai.tatbot.state.client;

import ai.tatbot.state.model.Key;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is stored under a key, as it is: not decoded, not checked against its schema. For tools that show it to people.
 *
 * @param key where it is stored
 * @param fields fields of a hash, the document among them; empty for other types
 * @param entries last entries of a stream, oldest first; empty for other types
 * @param members members of a set, sorted; empty for other types
 * @param length number of fields, entries or members that there are, those left out included
 * @param timeToLive time until it expires; null if it does not
 */
public record KeyContents(
        Key<?> key,
        Map<String, byte[]> fields,
        List<Entry> entries,
        Set<String> members,
        long length,
        @Nullable Duration timeToLive) {

    /** One entry of a stream: its id and fields. */
    public record Entry(String id, Map<String, String> fields) {}
}
