package ai.tatbot.state.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A curve as SVG, both axes logarithmic: some kilobytes of plain lines and text, which any browser and any diff can read. */
final class Plot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 440;
    private static final int LEFT = 80;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 100;
    private static final List<String> COLOURS = List.of("#1f5fa8", "#c4501b", "#2f7d32", "#6a3d9a");

    private final StringBuilder out = new StringBuilder();
    private final Axis x;
    private final Axis y;

    private Plot(Curve curve) {
        x = new Axis(curve.x(), LEFT, WIDTH - RIGHT);
        y = new Axis(curve.lines().values().stream().flatMap(List::stream).toList(), HEIGHT - BOTTOM, TOP);
    }

    static void write(Curve curve, Path file) throws IOException {
        Files.writeString(file, new Plot(curve).svg(curve));
    }

    private String svg(Curve curve) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">\n",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n", WIDTH, HEIGHT);
        text(WIDTH / 2.0, 24, "middle", curve.title());
        for (double tick : x.ticks()) {
            grid(x.at(tick), TOP, x.at(tick), HEIGHT - BOTTOM);
            text(x.at(tick), HEIGHT - BOTTOM + 18, "middle", number(tick));
        }
        for (double tick : y.ticks()) {
            grid(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick));
            text(LEFT - 8, y.at(tick) + 4, "end", number(tick));
        }
        text(WIDTH / 2.0, HEIGHT - BOTTOM + 40, "middle", curve.xTitle());
        double middle = (HEIGHT - BOTTOM + TOP) / 2.0;
        add(
                "<text x=\"18\" y=\"%.0f\" text-anchor=\"middle\" transform=\"rotate(-90 18 %.0f)\">%s</text>\n",
                middle, middle, escaped(curve.yTitle()));
        int line = 0;
        for (var entry : curve.lines().entrySet()) {
            line(curve.x(), entry.getKey(), entry.getValue(), line++);
        }
        return out.append("</svg>\n").toString();
    }

    private void line(List<Double> at, String name, List<Double> values, int number) {
        String colour = COLOURS.get(number % COLOURS.size());
        StringBuilder points = new StringBuilder();
        StringBuilder dots = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            if (!values.get(i).isNaN()) {
                String px = String.format(Locale.ROOT, "%.1f", x.at(at.get(i)));
                String py = String.format(Locale.ROOT, "%.1f", y.at(values.get(i)));
                points.append(px).append(',').append(py).append(' ');
                dots.append("<circle cx=\"")
                        .append(px)
                        .append("\" cy=\"")
                        .append(py)
                        .append("\" r=\"3.5\" fill=\"")
                        .append(colour)
                        .append("\"/>\n");
            }
        }
        add(
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>\n",
                colour, points.toString().strip());
        out.append(dots);
        int row = HEIGHT - BOTTOM + 62 + number * 18;
        add("<rect x=\"%d\" y=\"%d\" width=\"18\" height=\"4\" fill=\"%s\"/>\n", LEFT, row - 6, colour);
        text(LEFT + 26, row, "start", name);
    }

    private void grid(double x1, double y1, double x2, double y2) {
        add("<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#ddd\"/>\n", x1, y1, x2, y2);
    }

    private void text(double at, double down, String anchor, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", at, down, anchor, escaped(text));
    }

    private void add(String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 1 ? "%s" : "%,.0f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** A logarithmic axis that begins and ends a little beyond its values. */
    private static final class Axis {
        private final double low;
        private final double high;
        private final double from;
        private final double to;

        Axis(List<Double> values, double from, double to) {
            double least =
                    values.stream().filter(v -> v > 0).mapToDouble(v -> v).min().orElse(1);
            double most =
                    values.stream().filter(v -> v > 0).mapToDouble(v -> v).max().orElse(10);
            this.low = Math.log10(least / 1.3);
            this.high = Math.log10(most * 1.3);
            this.from = from;
            this.to = to;
        }

        double at(double value) {
            return from + (Math.log10(value) - low) / (high - low) * (to - from);
        }

        /** Powers of ten; and twos and fives between them where those are few. */
        List<Double> ticks() {
            List<Double> ticks = new ArrayList<>();
            boolean wide = high - low > 2.5;
            for (int power = (int) Math.floor(low); power <= high; power++) {
                for (int factor : wide ? new int[] {1} : new int[] {1, 2, 5}) {
                    double tick = factor * Math.pow(10, power);
                    if (Math.log10(tick) >= low && Math.log10(tick) <= high) {
                        ticks.add(tick);
                    }
                }
            }
            return ticks;
        }
    }
}
