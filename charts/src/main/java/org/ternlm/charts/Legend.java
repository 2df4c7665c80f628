package org.ternlm.charts;

import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;

/// Which curve is which: a piece of each line with its name, in as many rows as needed.
final class Legend {
    static final double ROW = 21;
    private static final double SAMPLE = 26;
    private static final double GAP = 7;
    private static final double BETWEEN = 22;
    private static final Font FONT = Fonts.regular(13.5f);

    private final List<Entry> entries = new ArrayList<>();
    private int rows;

    private record Entry(Trace trace, String name, double x, int row) {}

    Legend(List<Trace> traces, double width) {
        double x = 0;
        for (Trace trace : traces) {
            String name = Fonts.shortened(trace.curve().name(), FONT, width - SAMPLE - GAP);
            double needed = SAMPLE + GAP + Fonts.width(name, FONT);
            if (rows == 0 || x + needed > width) {
                x = 0;
                rows++;
            }
            entries.add(new Entry(trace, name, x, rows - 1));
            x += needed + BETWEEN;
        }
    }

    int rows() {
        return rows;
    }

    void paint(Drawing drawing, double left, double top) {
        for (Entry entry : entries) {
            double x = left + entry.x();
            double line = top + ROW * entry.row() + 16;
            sample(drawing, entry.trace(), x, line - 4.5);
            drawing.fill(Fonts.outline(entry.name(), FONT, x + SAMPLE + GAP, line), Palette.INK);
        }
    }

    private static void sample(Drawing drawing, Trace trace, double x, double y) {
        if (trace.curve().size() > 1) {
            drawing.stroke(new Line2D.Double(x, y, x + SAMPLE, y), trace.color(), trace.stroke());
        }
        if (trace.dots()) {
            double radius = Plot.DOT / 2.0;
            drawing.fill(new Ellipse2D.Double(x + SAMPLE / 2 - radius, y - radius, Plot.DOT, Plot.DOT), trace.color());
        }
    }
}
