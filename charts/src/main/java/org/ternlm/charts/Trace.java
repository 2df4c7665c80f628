package org.ternlm.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/// A curve or a mark as it is drawn.
///
/// @param dots whether each point has one
record Trace(Curve curve, Color color, BasicStroke stroke, boolean dots) {
    private static final int MOST_DOTS = 60;
    private static final float[][] DASHES = {{7, 4}, {2, 3}, {9, 3, 2, 3}};

    /// Curves and marks in the order of the legend.
    static List<Trace> of(LineChart chart, Range x, Range y) {
        List<Trace> traces = new ArrayList<>();
        int color = 0;
        for (Curve curve : chart.curves()) {
            // Where colours run out, dashes tell curves apart.
            boolean dashed = color / Palette.size() % 2 == 1;
            Color own = Palette.curve(color);
            boolean dots = curve.size() == 1 || curve.look() == Curve.Look.POINTS && curve.size() <= MOST_DOTS;
            Curve thinned = Thinning.of(curve, x);
            if (curve.look() == Curve.Look.PALE) {
                traces.add(new Trace(thinned, Palette.pale(own), solid(1), dots));
            } else {
                traces.add(new Trace(thinned, own, dashed ? dashed(1.8f, DASHES[0]) : solid(1.8f), dots));
                color++;
            }
        }
        for (Mark mark : chart.marks()) {
            double[] across = {mark.at(), mark.at()};
            Curve line = mark.isVertical()
                    ? Curve.line(mark.name(), across, new double[] {y.low(), y.high()})
                    : Curve.line(mark.name(), new double[] {x.low(), x.high()}, across);
            traces.add(new Trace(line, Palette.MARK,
                    dashed(1.2f, DASHES[(traces.size() - chart.curves().size()) % DASHES.length]), false));
        }
        return traces;
    }

    boolean isPale() {
        return curve.look() == Curve.Look.PALE;
    }

    private static BasicStroke solid(float width) {
        return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    private static BasicStroke dashed(float width, float[] dashes) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0);
    }
}
