package org.ternlm.compare.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.ternlm.compare.report.Picture.Axis;
import org.ternlm.compare.report.Picture.Chart;
import org.ternlm.compare.report.Picture.Look;
import org.ternlm.compare.report.Picture.Point;
import org.ternlm.compare.report.Picture.Series;

/// Draws a chart.
///
/// @param chart what is drawn
/// @param style the colours, for a picture that stands alone; empty inside a page
record ChartSvg(Chart chart, String style) {
    private static final int LEFT = 56;
    private static final int RIGHT = 14;
    private static final int PLOT = 230;
    private static final int LEGEND_ROW = 20;
    private static final double LETTER = 7.1;

    String draw() {
        Ticks x = ticks(chart.x(), true);
        Ticks y = ticks(chart.y(), false);
        Legend legend = Legend.of(chart.series().stream().map(Series::name).toList());
        int top = 30 + legend.rows() * LEGEND_ROW;
        Svg svg = new Svg(chart.title(),
                "%s against %s: %s".formatted(chart.y().label(), chart.x().label(), chart.series()
                        .stream().map(Series::name).collect(Collectors.joining(", "))),
                top + PLOT + 50, style);
        svg.text("title", "start", 8, 18, chart.title());
        legend(svg, legend);
        grid(svg, x, y, top);
        for (Series series : chart.series()) {
            series(svg, series, x, y, top);
        }
        return svg.end();
    }

    private Ticks ticks(Axis axis, boolean horizontal) {
        double[] values = chart.series().stream().flatMap(series -> series.points().stream()).flatMapToDouble(
                point -> horizontal
                        ? DoubleStream.of(point.x())
                        : DoubleStream.of(point.y(), point.low(), point.high()))
                .filter(Double::isFinite).toArray();
        double least = DoubleStream.of(values).min().orElseThrow();
        double most = DoubleStream.of(values).max().orElseThrow();
        return Ticks.spanning(least, most, axis.isLogarithmic() && least > 0);
    }

    /// Where the names of series stand.
    private record Legend(List<int[]> places, int rows) {
        static Legend of(List<String> names) {
            List<int[]> places = new ArrayList<>();
            double x = 8;
            int row = 0;
            for (String name : names) {
                double width = 32 + LETTER * name.length();
                if (x + width > Svg.WIDTH && x > 8) {
                    x = 8;
                    row++;
                }
                places.add(new int[] {(int) x, row});
                x += width;
            }
            return new Legend(places, row + 1);
        }
    }

    private void legend(Svg svg, Legend legend) {
        for (int i = 0; i < chart.series().size(); i++) {
            Series series = chart.series().get(i);
            int[] place = legend.places.get(i);
            double y = 36 + place[1] * LEGEND_ROW;
            if (series.look() != Look.MARKS) {
                svg.line((series.look() == Look.DASHED ? "dash s" : "s") + series.color(), place[0], y, place[0] + 14,
                        y);
            }
            if (hasMarks(series)) {
                svg.mark(series.color(), place[0] + 7, y);
            }
            svg.text("small", "start", place[0] + 19, y + 4, series.name());
        }
    }

    private static boolean hasMarks(Series series) {
        return series.look() == Look.MARKS || series.look() == Look.BOTH;
    }

    private void grid(Svg svg, Ticks x, Ticks y, int top) {
        double bottom = top + PLOT;
        for (double value : y.values()) {
            double at = bottom - PLOT * y.place(value);
            svg.line("grid", LEFT, at, Svg.WIDTH - RIGHT, at);
            svg.text("small", "end", LEFT - 6, at + 4, y.label(value));
        }
        for (double value : x.values()) {
            double at = across(x, value);
            svg.line("grid", at, top, at, bottom);
            svg.text("small", "middle", at, bottom + 16, x.label(value));
        }
        svg.line("axis", LEFT, bottom, Svg.WIDTH - RIGHT, bottom);
        svg.text("label", "middle", (LEFT + Svg.WIDTH - RIGHT) / 2.0, bottom + 38, chart.x().label());
        svg.add("<text class=\"label\" text-anchor=\"middle\" transform=\"translate(14 %.1f) rotate(-90)\">%s</text>",
                top
                        + PLOT / 2.0,
                Svg.escape(chart.y().label()));
    }

    private static double across(Ticks x, double value) {
        return LEFT + (Svg.WIDTH - RIGHT - LEFT) * x.place(value);
    }

    private static void series(Svg svg, Series series, Ticks x, Ticks y, int top) {
        double bottom = top + PLOT;
        if (series.look() != Look.MARKS) {
            String points = series.points().stream()
                    .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", across(x, point
                            .x()), bottom - PLOT * y.place(point.y())))
                    .collect(Collectors.joining(" "));
            svg.add("<polyline class=\"%ss%d\" points=\"%s\"/>", series.look() == Look.DASHED ? "dash " : "",
                    series.color(),
                    points);
        }
        for (Point point : series.points()) {
            double at = across(x, point.x());
            double height = bottom - PLOT * y.place(point.y());
            if (Double.isFinite(point.low()) && Double.isFinite(point.high())) {
                svg.line("s" + series.color(), at, bottom - PLOT * y.place(point.low()), at,
                        bottom - PLOT * y.place(point
                                .high()));
            }
            if (hasMarks(series)) {
                svg.mark(series.color(), at, height);
            }
            if (!point.label().isEmpty()) {
                boolean atTheRight = at > Svg.WIDTH - RIGHT - 90;
                svg.text("small", atTheRight ? "end" : "start", atTheRight ? at - 8 : at + 8, height - 7,
                        point.label());
            }
        }
    }
}
