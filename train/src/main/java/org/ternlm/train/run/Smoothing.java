package org.ternlm.train.run;

/// The mean of the values around each one: `s[i] = mean(v[i-r] … v[min(i+r, n-1)])` with `r = min(w, i)`. So nothing lags
/// behind, a fall at the start is not flattened, and the end does not flutter.
final class Smoothing {
    /// w is this part of all values.
    private static final int PART = 100;

    private Smoothing() {}

    /// How many values go into a mean, 2w + 1; 1 where there are too few to smooth.
    static int window(int count) {
        return 2 * (count / PART) + 1;
    }

    static double[] smooth(double[] values) {
        double[] sums = new double[values.length + 1];
        for (int i = 0; i < values.length; i++) {
            sums[i + 1] = sums[i] + values[i];
        }
        double[] smooth = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int reach = Math.min(values.length / PART, i);
            int end = Math.min(i + reach + 1, values.length);
            smooth[i] = (sums[end] - sums[i - reach]) / (end - i + reach);
        }
        return smooth;
    }
}
