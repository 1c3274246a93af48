package ai.tatbot.state.bench.report;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A curve as SVG, both axes logarithmic. */
final class Plot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 440;

    private Plot() {}

    static void write(Curve curve, Path file) throws IOException {
        // Nobody looks while it is drawn.
        System.setProperty("java.awt.headless", "true");
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(curve.title())
                .xAxisTitle(curve.xTitle())
                .yAxisTitle(curve.yTitle())
                .build();
        chart.getStyler()
                .setXAxisLogarithmic(true)
                .setYAxisLogarithmic(true)
                .setMarkerSize(7)
                .setLegendPosition(LegendPosition.OutsideS)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setAntiAlias(true);
        curve.lines().forEach((name, values) -> {
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                if (!values.get(i).isNaN()) {
                    x.add(curve.x().get(i));
                    y.add(values.get(i));
                }
            }
            if (!x.isEmpty()) {
                chart.addSeries(name, x, y);
            }
        });
        try (OutputStream out = Files.newOutputStream(file)) {
            VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
        }
    }
}
