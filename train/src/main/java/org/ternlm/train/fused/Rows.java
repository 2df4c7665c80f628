package org.ternlm.train.fused;

import org.ternlm.kernel.Exponential;
import org.ternlm.kernel.FloatKernel;

/// What is done to one row of floats on the way back, and what the runtime's kernels have no operation for.
///
/// Plain loops, in the shape that C2 turns into vectors.
final class Rows {
    private Rows() {}

    /// Σ a · b.
    ///
    /// @param room for one number
    private static float dot(FloatKernel kernel, float[] a, float[] b, int length, float[] room) {
        kernel.dots(a, 0, b, 0, length, 1, length, 1, room);
        return room[0];
    }

    /// x · factor, in place.
    static void scale(float[] x, int from, int to, float factor) {
        for (int i = from; i < to; i++) {
            x[i] *= factor;
        }
    }

    /// y + x · factor into y.
    static void add(float[] x, float factor, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] += x[i] * factor;
        }
    }

    /// Back through `n = gain · x · r`, `r = 1/√(mean(x²) + epsilon)`:
    ///
    /// ```
    /// gainSlope += slope · x · r
    /// slope      = r · (gain · slope - x · r² · mean(gain · slope · x))
    /// ```
    ///
    /// @param slope of n on the way in, of x on the way out
    static void normBackward(FloatKernel kernel, float[] x, float[] gain, float epsilon, float[] gainSlope,
            float[] slope,
            int length, float[] room) {
        float r = FloatKernel.inverseRoot(dot(kernel, x, x, length, room) / length, epsilon);
        for (int i = 0; i < length; i++) {
            gainSlope[i] += slope[i] * x[i] * r;
        }
        for (int i = 0; i < length; i++) {
            slope[i] *= gain[i];
        }
        float pull = dot(kernel, slope, x, length, room) / length * r * r;
        for (int i = 0; i < length; i++) {
            slope[i] = r * (slope[i] - x[i] * pull);
        }
    }

    /// Back through `relu(gate)² · up`.
    ///
    /// @param slope of the product
    /// @param gate on the way out its slope
    /// @param up on the way out its slope
    static void reluSquaredBackward(float[] slope, float[] gate, float[] up, int length) {
        for (int i = 0; i < length; i++) {
            float positive = Math.max(gate[i], 0);
            float upSlope = positive * positive * slope[i];
            gate[i] = 2 * positive * up[i] * slope[i];
            up[i] = upSlope;
        }
    }

    /// Back through `gate · σ(gate) · up`.
    ///
    /// @param slope of the product
    /// @param gate on the way out its slope
    /// @param up on the way out its slope
    static void siluBackward(float[] slope, float[] gate, float[] up, int length) {
        for (int i = 0; i < length; i++) {
            float sigmoid = 1 / (1 + Exponential.of(-gate[i]));
            float silu = gate[i] * sigmoid;
            float gateSlope = sigmoid * (1 + gate[i] - silu) * up[i] * slope[i];
            up[i] = silu * slope[i];
            gate[i] = gateSlope;
        }
    }

    /// Back through softmax: `slope = p · (slope - Σ p · slope)`, in place.
    static void softmaxBackward(FloatKernel kernel, float[] p, float[] slope, int length, float[] room) {
        float mean = dot(kernel, p, slope, length, room);
        for (int i = 0; i < length; i++) {
            slope[i] = p[i] * (slope[i] - mean);
        }
    }

    /// Turns pairs (i, i + half) of a head by the angles whose cosines and sines stand in the tables from `table` on.
    ///
    /// @param direction 1 forward, -1 back
    static void rotate(float[] x, int at, int half, float[] cosines, float[] sines, int table, float direction) {
        for (int i = 0; i < half; i++) {
            float a = x[at + i];
            float b = x[at + half + i];
            float cosine = cosines[table + i];
            float sine = sines[table + i] * direction;
            x[at + i] = a * cosine - b * sine;
            x[at + half + i] = b * cosine + a * sine;
        }
    }
}
