package ai.tatbot.state.codegen;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is different between two versions of the schema, words aside. */
final class Changes {
    private final List<Breakage> breakages = new ArrayList<>();
    private final List<String> additions = new ArrayList<>();

    void breaks(String where, String what, @Nullable String readers, @Nullable String writers) {
        breakages.add(new Breakage(where, what, readers, writers));
    }

    void adds(String where, String what) {
        additions.add("  " + where + ": " + what);
    }

    List<Breakage> breakages() {
        return breakages;
    }

    /** What old programs need not know of. */
    List<String> additions() {
        return additions;
    }
}
