package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Tensor;

/// Comparison of what libtorch computed with the reference.
final class Closeness {
    private Closeness() {}

    /// Every element within `tolerance` times the largest magnitude expected.
    static void assertClose(String name, Tensor found, double[] expected, double tolerance) {
        assertClose(name, Torch.values(found), expected, tolerance);
    }

    /// As above.
    static void assertClose(String name, float[] found, double[] expected, double tolerance) {
        assertThat(found).as("%s: size", name).hasSameSizeAs(expected);
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).as("%s: the reference must not be all zero", name).isPositive();
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(found[i] - expected[i]) <= tolerance * largest)) {
                throw new AssertionError("%s[%d] is %s, not %s; the largest is %s".formatted(name, i, found[i],
                        expected[i], largest));
            }
        }
    }

    /// The cosine of the angle between two vectors.
    static double cosine(float[] a, float[] b) {
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            squaresA += (double) a[i] * a[i];
            squaresB += (double) b[i] * b[i];
        }
        return product / Math.sqrt(squaresA * squaresB);
    }
}
