package ai.tatbot.state.codegen;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version, such as 0.1.0 or 0.2.0-SNAPSHOT, which is on its way to 0.2.0 and counts as that. */
record SchemaVersion(int major, int minor, int patch) implements Comparable<SchemaVersion> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})(-[0-9A-Za-z.-]+)?");
    private static final Comparator<SchemaVersion> ORDER = Comparator.comparingInt(SchemaVersion::major)
            .thenComparingInt(SchemaVersion::minor)
            .thenComparingInt(SchemaVersion::patch);

    static SchemaVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a version is like 0.2.0 or 0.2.0-SNAPSHOT, not " + text);
        }
        return new SchemaVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }

    static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    /** Whether users of an older one expect that this one breaks them. */
    boolean mayBreak(SchemaVersion older) {
        return compareTo(older.nextBreaking()) >= 0;
    }

    /** The first that may break users of this one: another major version, or, while that is 0, another minor one. */
    SchemaVersion nextBreaking() {
        return major == 0 ? new SchemaVersion(0, minor + 1, 0) : new SchemaVersion(major + 1, 0, 0);
    }

    /** The first that may have more than this one. */
    SchemaVersion nextCompatible() {
        return major == 0 ? new SchemaVersion(0, minor, patch + 1) : new SchemaVersion(major, minor + 1, 0);
    }

    /** Which step {@link #nextBreaking} is. */
    String breakingStep() {
        return major == 0 ? "minor" : "major";
    }

    @Override
    public int compareTo(SchemaVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
