package ai.tatbot.state.server.show;

/** Progress bars. */
public final class Bar {
    private static final String EIGHTHS = " \u258f\u258e\u258d\u258c\u258b\u258a\u2589";

    private Bar() {}

    /**
     * A bar of this width.
     *
     * @param fraction how much of it is full, 0 to 1
     */
    public static String of(Terminal terminal, double fraction, int width) {
        double part = Double.isNaN(fraction) ? 0 : Math.max(0, Math.min(1, fraction));
        if (!terminal.unicode()) {
            int full = (int) Math.round(part * width);
            return "[" + "#".repeat(full) + ".".repeat(width - full) + "]";
        }
        long eighths = Math.round(part * width * 8);
        int full = (int) (eighths / 8);
        int rest = (int) (eighths % 8);
        String head = "\u2588".repeat(full) + (rest > 0 ? EIGHTHS.substring(rest, rest + 1) : "");
        String tail = "\u00b7".repeat(width - full - (rest > 0 ? 1 : 0));
        return terminal.styled(head, Style.GREEN) + terminal.styled(tail, Style.DIM);
    }
}
