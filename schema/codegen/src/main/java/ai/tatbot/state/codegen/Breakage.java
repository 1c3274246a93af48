package ai.tatbot.state.codegen;

import org.jspecify.annotations.Nullable;

/**
 * A change that programs made for the older schema cannot live with.
 *
 * @param where file, such as {@code models/robot-state.json}
 * @param what what changed in it
 * @param readers why old readers fail with what new writers write; null if they do not
 * @param writers why what old writers write fails with new readers; null if it does not
 */
record Breakage(
        String where,
        String what,
        @Nullable String readers,
        @Nullable String writers) {
    Breakage {
        if (readers == null && writers == null) {
            throw new IllegalArgumentException("it breaks nobody: " + what);
        }
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("  ").append(where).append(": ").append(what);
        if (readers != null) {
            out.append("\n      breaks old readers: ").append(readers);
        }
        if (writers != null) {
            out.append("\n      breaks old writers: ").append(writers);
        }
        return out.toString();
    }
}
