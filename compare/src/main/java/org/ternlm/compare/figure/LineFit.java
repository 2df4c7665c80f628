package org.ternlm.compare.figure;

import java.util.Arrays;

/// The straight line through points by least squares.
///
/// @param slope change of y for 1 of x, with its interval by Student's t from what the points lie beside the line; not
/// known of two points
/// @param intercept y at x = 0
public record LineFit(Interval slope, double intercept) {

    /// @throws IllegalArgumentException if there are fewer than two points, or all have the same x
    public static LineFit through(double[] x, double[] y) {
        int n = x.length;
        if (n != y.length || n < 2) {
            throw new IllegalArgumentException("%d x and %d y".formatted(n, y.length));
        }
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < n; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        if (!(xx > 0)) {
            throw new IllegalArgumentException("all points have the same x");
        }
        double slope = xy / xx;
        double intercept = meanY - slope * meanX;
        if (n == 2) {
            return new LineFit(Interval.unknown(slope), intercept);
        }
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double beside = y[i] - intercept - slope * x[i];
            squares += beside * beside;
        }
        double side = StudentT.quantile(n - 2) * Math.sqrt(squares / (n - 2) / xx);
        return new LineFit(new Interval(slope, slope - side, slope + side), intercept);
    }
}
