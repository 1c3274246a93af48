package ai.tatbot.state.client.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Texts as bytes, remembered for as long as no other one takes their place: a writer says the same again and again. Thread-safe. */
final class Texts {
    private static final int PLACES = 64;

    private static final AtomicReferenceArray<@Nullable Known> KNOWN = new AtomicReferenceArray<>(PLACES);

    private Texts() {}

    /** In UTF-8. Not to be changed. */
    static byte[] bytes(String text) {
        int hash = text.hashCode();
        int place = (hash ^ (hash >>> 16)) & (PLACES - 1);
        Known known = KNOWN.getPlain(place);
        if (known == null || !known.text.equals(text)) {
            known = new Known(text, Namespace.bytes(text));
            KNOWN.setRelease(place, known);
        }
        return known.bytes;
    }

    /** All its fields are final, so it is safe to be seen by any thread. */
    private static final class Known {
        private final String text;
        private final byte[] bytes;

        Known(String text, byte[] bytes) {
            this.text = text;
            this.bytes = bytes;
        }
    }
}
