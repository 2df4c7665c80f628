package org.ternlm.compare.figure;

/// The 97.5 % quantile of Student's t: standard errors to each side of an interval of 95 %, where few values were seen.
final class StudentT {
    private static final double[] QUANTILES = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
            2.201,
            2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086};

    private StudentT() {}

    /// @param freedom degrees of freedom, at least 1; beyond 20 two terms of the expansion
    /// around the normal distribution's quantile are near enough
    static double quantile(int freedom) {
        if (freedom < 1) {
            throw new IllegalArgumentException("degrees of freedom: " + freedom);
        }
        if (freedom <= QUANTILES.length) {
            return QUANTILES[freedom - 1];
        }
        double z = Interval.NORMAL;
        double cube = z * z * z;
        return z + (cube + z) / (4.0 * freedom) + (5 * cube * z * z + 16 * cube + 3 * z) / (96.0 * freedom * freedom);
    }
}
