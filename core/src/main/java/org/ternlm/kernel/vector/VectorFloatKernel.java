package org.ternlm.kernel.vector;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.FloatKernel;
import org.ternlm.quant.AbsMax;

/// [FloatKernel] with vectors; what is left of a range goes element by element.
final class VectorFloatKernel implements FloatKernel {
    private static final VectorSpecies<Float> FLOAT = Species.FLOAT;
    private static final VectorSpecies<Double> DOUBLE = Species.DOUBLE;
    private static final int LANES = FLOAT.length();
    /// 1.5 · 2^23: adding it to a float of small size leaves the float's value rounded half to even in the lowest bits.
    private static final float ROUNDER = 12_582_912f;
    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    @Override
    public String name() {
        return "vector-" + Species.SHAPE.vectorBitSize();
    }

    @Override
    public void dots(float[] query, int queryOffset, float[] rows, int rowsOffset, int stride, int count, int length,
            float factor, float[] out) {
        for (int r = 0; r < count; r++) {
            out[r] = dot(query, queryOffset, rows, rowsOffset + r * stride, length) * factor;
        }
    }

    /// Sums in double: the result is then the same at every vector width but for the rarest ties, and the next int8
    /// rounding decides alike on every machine.
    private static float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
        DoubleVector sum0 = DoubleVector.zero(DOUBLE);
        DoubleVector sum1 = sum0;
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOAT, a, aOffset + i);
            FloatVector y = FloatVector.fromArray(FLOAT, b, bOffset + i);
            sum0 = ((DoubleVector) x.convertShape(F2D, DOUBLE, 0)).fma((DoubleVector) y.convertShape(F2D, DOUBLE, 0),
                    sum0);
            sum1 = ((DoubleVector) x.convertShape(F2D, DOUBLE, 1)).fma((DoubleVector) y.convertShape(F2D, DOUBLE, 1),
                    sum1);
        }
        double sum = sum0.add(sum1).reduceLanes(ADD);
        for (; i < length; i++) {
            sum += (double) a[aOffset + i] * b[bOffset + i];
        }
        return (float) sum;
    }

    /// The sums of two vectors of elements stay in registers over all rows; row after row, so that the order of adding
    /// is the same at every width.
    @Override
    public void weightedSum(float[] weights, float[] rows, int rowsOffset, int stride, int count, int length,
            float[] out, int outOffset) {
        int i = 0;
        for (; i <= length - 2 * LANES; i += 2 * LANES) {
            FloatVector sum0 = FloatVector.zero(FLOAT);
            FloatVector sum1 = sum0;
            int at = rowsOffset + i;
            for (int r = 0; r < count; r++) {
                FloatVector weight = FloatVector.broadcast(FLOAT, weights[r]);
                sum0 = FloatVector.fromArray(FLOAT, rows, at).fma(weight, sum0);
                sum1 = FloatVector.fromArray(FLOAT, rows, at + LANES).fma(weight, sum1);
                at += stride;
            }
            sum0.intoArray(out, outOffset + i);
            sum1.intoArray(out, outOffset + i + LANES);
        }
        for (; i < length; i++) {
            float sum = 0;
            for (int r = 0; r < count; r++) {
                sum = Math.fma(weights[r], rows[rowsOffset + r * stride + i], sum);
            }
            out[outOffset + i] = sum;
        }
    }

    @Override
    public void rmsNorm(float[] x, int xOffset, float[] gain, float epsilon, float[] out, int outOffset, int length) {
        float squares = dot(x, xOffset, x, xOffset, length);
        float inverse = FloatKernel.inverseRoot(squares / length, epsilon);
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector.fromArray(FLOAT, x, xOffset + i).mul(inverse).mul(FloatVector.fromArray(FLOAT, gain, i))
                    .intoArray(out, outOffset + i);
        }
        for (; i < length; i++) {
            out[outOffset + i] = gain[i] * (x[xOffset + i] * inverse);
        }
    }

    @Override
    public float quantize(float[] x, int xOffset, int length, byte[] q, int qOffset) {
        float multiplier = AbsMax.multiplier(absMax(x, xOffset, length));
        // The product lies within ±127.5, where the rounder is exact; a NaN or an infinity among x takes the scalar
        // way, which says what becomes of it.
        if (!(multiplier > 0)) {
            return AbsMax.quantize(x, xOffset, length, q, qOffset);
        }
        int i = 0;
        if (LANES >= 8) {
            for (; i <= length - LANES; i += LANES) {
                FloatVector.fromArray(FLOAT, x, xOffset + i).mul(multiplier).add(ROUNDER).reinterpretAsInts()
                        .sub(ROUNDER_BITS).convertShape(I2B, Species.QUARTER_BYTE, 0).reinterpretAsBytes()
                        .intoArray(q, qOffset + i);
            }
        }
        for (; i < length; i++) {
            float rounded = x[xOffset + i] * multiplier + ROUNDER;
            q[qOffset + i] = (byte) (Float.floatToRawIntBits(rounded) - ROUNDER_BITS);
        }
        return multiplier;
    }

    private static float absMax(float[] x, int offset, int length) {
        FloatVector max = FloatVector.zero(FLOAT);
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            max = max.max(FloatVector.fromArray(FLOAT, x, offset + i).abs());
        }
        float largest = max.reduceLanes(MAX);
        for (; i < length; i++) {
            largest = Math.max(largest, Math.abs(x[offset + i]));
        }
        return largest;
    }

    @Override
    public void siluGate(float[] gate, float[] up, int offset, int length) {
        int end = offset + length;
        int i = offset;
        for (; i <= end - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOAT, gate, i);
            x.div(Exponential.of(x.neg()).add(1)).mul(FloatVector.fromArray(FLOAT, up, i)).intoArray(gate, i);
        }
        for (; i < end; i++) {
            gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i]))) * up[i];
        }
    }

    @Override
    public void reluSquaredGate(float[] gate, float[] up, int offset, int length) {
        int end = offset + length;
        int i = offset;
        for (; i <= end - LANES; i += LANES) {
            FloatVector positive = FloatVector.fromArray(FLOAT, gate, i).max(0);
            positive.mul(positive).mul(FloatVector.fromArray(FLOAT, up, i)).intoArray(gate, i);
        }
        for (; i < end; i++) {
            float positive = Math.max(gate[i], 0);
            gate[i] = positive * positive * up[i];
        }
    }

    @Override
    public void softmax(float[] x, int offset, int length) {
        int end = offset + length;
        float max = Float.NEGATIVE_INFINITY;
        FloatVector maxima = FloatVector.broadcast(FLOAT, max);
        int i = offset;
        for (; i <= end - LANES; i += LANES) {
            maxima = maxima.max(FloatVector.fromArray(FLOAT, x, i));
        }
        max = maxima.reduceLanes(MAX);
        for (; i < end; i++) {
            max = Math.max(max, x[i]);
        }
        FloatVector sums = FloatVector.zero(FLOAT);
        for (i = offset; i <= end - LANES; i += LANES) {
            FloatVector power = Exponential.of(FloatVector.fromArray(FLOAT, x, i).sub(max));
            power.intoArray(x, i);
            sums = sums.add(power);
        }
        float sum = Species.sum(sums);
        for (; i < end; i++) {
            x[i] = (float) Math.exp(x[i] - max);
            sum += x[i];
        }
        scale(x, offset, length, 1 / sum);
    }

    private static void scale(float[] x, int offset, int length, float factor) {
        int end = offset + length;
        int i = offset;
        for (; i <= end - LANES; i += LANES) {
            FloatVector.fromArray(FLOAT, x, i).mul(factor).intoArray(x, i);
        }
        for (; i < end; i++) {
            x[i] *= factor;
        }
    }
}
