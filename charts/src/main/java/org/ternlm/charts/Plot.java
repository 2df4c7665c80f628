package org.ternlm.charts;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Axes, grid and curves, laid out by XChart.
final class Plot {
    /// Diameter of the dot on a point.
    static final int DOT = 6;
    private static final double[] UNEVEN = {0.123, 0.34};

    private final LineChart chart;
    private final Range x;
    private final Range y;
    private final List<Trace> traces;
    private final double xUnit;
    private final double yUnit;

    Plot(LineChart chart, Range x, Range y, List<Trace> traces) {
        this.chart = chart;
        this.x = x;
        this.y = y;
        this.traces = traces;
        this.xUnit = unit(x);
        this.yUnit = unit(y);
    }

    /// XChart compares numbers with a fixed tolerance of 1e-4, and rounds ticks to ten decimals: it is given numbers whose
    /// span is between 1 and 10.
    private static double unit(Range range) {
        return range.isLogarithmic() ? 1 : Math.pow(10, Math.floor(Math.log10(range.span())));
    }

    void paint(Graphics2D graphics, int width, int height) {
        TickLabels xLabels = new TickLabels(x, xUnit);
        TickLabels yLabels = new TickLabels(y, yUnit);
        // Once for the labels to see which ticks there are.
        layout(xLabels, yLabels, width, height).paint(new RecordingGraphics(new Drawing(width, height, "", "")), width,
                height);
        xLabels.settle();
        yLabels.settle();
        layout(xLabels, yLabels, width, height).paint(graphics, width, height);
    }

    private XYChart layout(TickLabels xLabels, TickLabels yLabels, int width, int height) {
        XYChart layout = new XYChart(width, height);
        layout.setXAxisTitle(chart.x().label());
        layout.setYAxisTitle(chart.y().label());
        style(layout.getStyler());
        layout.getStyler().setXAxisTickLabelsFormattingFunction(xLabels);
        layout.getStyler().setYAxisTickLabelsFormattingFunction(yLabels);
        layout.getStyler().setXAxisLogarithmic(x.isLogarithmic()).setYAxisLogarithmic(y.isLogarithmic());
        // Which ticks get a label is up to the labels.
        layout.getStyler().setXAxisLogarithmicDecadeOnly(false).setYAxisLogarithmicDecadeOnly(false);
        layout.getStyler().setXAxisMin(x.low() / xUnit).setXAxisMax(x.high() / xUnit);
        layout.getStyler().setYAxisMin(y.low() / yUnit).setYAxisMax(y.high() / yUnit);
        // XChart would put ticks on the points where those are evenly spaced, such as 1, 101, 201.
        layout.addSeries("uneven", between(x, xUnit), between(y, yUnit)).setEnabled(false);
        traces.stream().filter(Trace::isPale).forEach(trace -> add(layout, trace));
        traces.stream().filter(trace -> !trace.isPale()).forEach(trace -> add(layout, trace));
        return layout;
    }

    private static double[] between(Range range, double unit) {
        return new double[] {(range.low() + UNEVEN[0] * range.span()) / unit,
                (range.low() + UNEVEN[1] * range.span()) / unit};
    }

    private void add(XYChart layout, Trace trace) {
        Curve curve = trace.curve();
        double[] across = new double[curve.size()];
        double[] up = new double[curve.size()];
        for (int i = 0; i < curve.size(); i++) {
            across[i] = curve.x(i) / xUnit;
            up[i] = curve.y(i) / yUnit;
        }
        XYSeries series = layout.addSeries("curve " + layout.getSeriesCollection().size(), across, up);
        series.setLineColor(trace.color()).setLineStyle(trace.stroke());
        series.setMarkerColor(trace.color()).setMarker(trace.dots() ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    }

    private static void style(XYStyler styler) {
        styler.setLocale(Locale.ROOT).setChartBackgroundColor(Palette.PAPER).setChartFontColor(Palette.INK);
        styler.setChartTitleVisible(false).setLegendVisible(false).setChartPadding(14).setPlotContentSize(1);
        styler.setPlotBackgroundColor(Palette.PAPER).setPlotBorderVisible(false).setMarkerSize(DOT);
        styler.setAxisTitleFont(Fonts.regular(13.5f)).setAxisTickLabelsFont(Fonts.regular(12.5f));
        styler.setAxisTickLabelsColor(Palette.INK).setAxisTickMarksColor(Palette.FRAME);
        styler.setAxisTickMarksStroke(new BasicStroke(1)).setAxisTickMarkLength(4).setAxisTickPadding(5);
        styler.setPlotMargin(0).setAxisTitlePadding(10).setPlotTicksMarksVisible(false);
        styler.setPlotGridLinesColor(Palette.GRID).setPlotGridLinesStroke(new BasicStroke(0.8f));
        styler.setXAxisTickMarkSpacingHint(80).setYAxisTickMarkSpacingHint(60);
        styler.setYAxisLabelAlignment(TextAlignment.Right);
    }
}
