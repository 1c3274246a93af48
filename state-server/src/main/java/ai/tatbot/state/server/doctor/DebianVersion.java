package ai.tatbot.state.server.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of a package, in the order of Debian policy, 5.6.12: {@code 5:7.0.15-1~deb12u10}. */
record DebianVersion(String text) implements Comparable<DebianVersion> {
    private static final Pattern EPOCH = Pattern.compile("(?:([0-9]+):)?(.*)");

    /** Whether it was made for this release, such as {@code deb12}. */
    boolean isOf(String release) {
        return Pattern.compile("[~+]" + Pattern.quote(release) + "u[0-9]+$")
                .matcher(text)
                .find();
    }

    @Override
    public int compareTo(DebianVersion other) {
        int epochs = Integer.compare(epoch(), other.epoch());
        if (epochs != 0) {
            return epochs;
        }
        int upstream = compare(upstream(), other.upstream());
        return upstream != 0 ? upstream : compare(revision(), other.revision());
    }

    private int epoch() {
        Matcher matcher = EPOCH.matcher(text);
        return matcher.matches() && matcher.group(1) != null ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private String withoutEpoch() {
        Matcher matcher = EPOCH.matcher(text);
        return matcher.matches() ? matcher.group(2) : text;
    }

    private String upstream() {
        String rest = withoutEpoch();
        return rest.lastIndexOf('-') < 0 ? rest : rest.substring(0, rest.lastIndexOf('-'));
    }

    private String revision() {
        String rest = withoutEpoch();
        return rest.lastIndexOf('-') < 0 ? "" : rest.substring(rest.lastIndexOf('-') + 1);
    }

    /** What is no digit and what is one, by turns. */
    private static int compare(String one, String other) {
        int i = 0;
        int j = 0;
        while (i < one.length() || j < other.length()) {
            while ((i < one.length() && !isDigit(one, i)) || (j < other.length() && !isDigit(other, j))) {
                int order = Integer.compare(order(one, i), order(other, j));
                if (order != 0) {
                    return order;
                }
                i++;
                j++;
            }
            int end = endOfNumber(one, i);
            int otherEnd = endOfNumber(other, j);
            int order = Long.compare(number(one, i, end), number(other, j, otherEnd));
            if (order != 0) {
                return order;
            }
            i = end;
            j = otherEnd;
        }
        return 0;
    }

    private static boolean isDigit(String text, int at) {
        return text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    /** A tilde comes before the end, letters before everything else. */
    private static int order(String text, int at) {
        if (at >= text.length() || isDigit(text, at)) {
            return 0;
        }
        char character = text.charAt(at);
        if (character == '~') {
            return -1;
        }
        return Character.isLetter(character) ? character : character + 256;
    }

    private static int endOfNumber(String text, int from) {
        int end = from;
        while (end < text.length() && isDigit(text, end)) {
            end++;
        }
        return end;
    }

    private static long number(String text, int from, int end) {
        return from >= end ? 0 : Long.parseLong(text.substring(from, Math.min(end, from + 18)));
    }
}
