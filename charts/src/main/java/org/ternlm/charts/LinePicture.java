package org.ternlm.charts;

import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The picture of a line chart: title, legend, and the axes with the curves.
final class LinePicture {
    static final int WIDTH = 760;
    static final int HEIGHT = 460;
    private static final int LEFT = 14;
    /// More of them, and the picture grows, so that the plot does not shrink.
    private static final int USUAL_ROWS = 2;
    private static final double TITLE_LINE = 28;
    private static final double X_MARGIN = 0.015;
    private static final double Y_MARGIN = 0.04;

    private LinePicture() {}

    static Drawing of(LineChart chart) {
        Range x = Range.of(values(chart, true), chart.x().isLogarithmic(), X_MARGIN);
        Range y = Range.of(values(chart, false), chart.y().isLogarithmic(), Y_MARGIN);
        List<Trace> traces = Trace.of(chart, x, y);
        double width = WIDTH - 2.0 * LEFT;
        Legend legend = new Legend(isNamedByItsAxis(chart) ? List.of() : traces, width);
        double top = TITLE_LINE + 8;
        double plotTop = top + legend.rows() * Legend.ROW;
        int height = HEIGHT + (int) Legend.ROW * Math.max(0, legend.rows() - USUAL_ROWS);
        Drawing drawing = new Drawing(WIDTH, height, chart.title(), description(chart));
        drawing.fill(new Rectangle2D.Double(0, 0, WIDTH, height), Palette.PAPER);
        Font bold = Fonts.bold(16);
        drawing.fill(Fonts.outline(Fonts.shortened(chart.title(), bold, width), bold, LEFT, TITLE_LINE), Palette.INK);
        legend.paint(drawing, LEFT, top);
        RecordingGraphics graphics = new RecordingGraphics(drawing);
        graphics.translate(0, plotTop);
        new Plot(chart, x, y, traces).paint(graphics, WIDTH, (int) (height - plotTop));
        return drawing;
    }

    private static boolean isNamedByItsAxis(LineChart chart) {
        return chart.curves().size() == 1 && chart.marks().isEmpty()
                && chart.curves().getFirst().name().equals(chart.y().label());
    }

    private static DoubleStream values(LineChart chart, boolean horizontal) {
        DoubleStream ofCurves = chart.curves().stream().flatMapToDouble(curve -> IntStream.range(0, curve.size())
                .mapToDouble(i -> horizontal ? curve.x(i) : curve.y(i)));
        DoubleStream ofMarks = chart.marks().stream().filter(mark -> mark.isVertical() == horizontal)
                .mapToDouble(Mark::at);
        return DoubleStream.concat(ofCurves, ofMarks);
    }

    private static String description(LineChart chart) {
        String names = Stream.concat(chart.curves().stream().map(Curve::name), chart.marks().stream().map(Mark::name))
                .collect(Collectors.joining(", "));
        return "%s against %s: %s".formatted(chart.y().label(), chart.x().label(), names);
    }
}
