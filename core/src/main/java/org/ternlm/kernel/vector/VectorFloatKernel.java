package org.ternlm.kernel.vector;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.S2I;
import static org.ternlm.kernel.Exponential.ROUNDER;
import static org.ternlm.kernel.Exponential.ROUNDER_BITS;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.AttentionKernel;
import org.ternlm.kernel.Exponential;
import org.ternlm.kernel.FloatKernel;
import org.ternlm.quant.AbsMax;
import org.ternlm.tensor.BFloat16;

/// [FloatKernel] with vectors; what is left of a range goes element by element.
///
/// Sums are made in double, whose own rounding is too small to show in the float that comes out, but for one case in a
/// hundred million: so it does not matter in which order lanes are added, and results are those of the scalar kernel.
final class VectorFloatKernel implements FloatKernel {
    private static final VectorSpecies<Float> FLOAT = Species.FLOAT;
    private static final VectorSpecies<Double> DOUBLE = Species.DOUBLE;
    private static final int LANES = FLOAT.length();

    private final AttentionKernel attention = new VectorAttentionKernel();

    @Override
    public String name() {
        return "vector-" + Species.SHAPE.vectorBitSize();
    }

    @Override
    public void dots(float[] query, int queryOffset, float[] rows, int rowsOffset, int stride, int count, int length,
            float factor, float[] out) {
        for (int r = 0; r < count; r++) {
            out[r] = (float) dot(query, queryOffset, rows, rowsOffset + r * stride, length) * factor;
        }
    }

    private static double dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
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
        return sum;
    }

    @Override
    public AttentionKernel attention() {
        return attention;
    }

    @Override
    public void rmsNorm(float[] x, int xOffset, float[] gain, float epsilon, float[] out, int outOffset, int length) {
        double squares = dot(x, xOffset, x, xOffset, length);
        float inverse = FloatKernel.inverseRoot((float) (squares / length), epsilon);
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
            x.div(VectorExponential.of(x.neg()).add(1)).mul(FloatVector.fromArray(FLOAT, up, i)).intoArray(gate, i);
        }
        for (; i < end; i++) {
            gate[i] = gate[i] / (Exponential.of(-gate[i]) + 1) * up[i];
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
    public void toBFloat16(float[] x, int xOffset, short[] bits, int bitsOffset, int length) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector values = FloatVector.fromArray(FLOAT, x, xOffset + i);
            IntVector raw = values.reinterpretAsInts();
            IntVector upper = raw.lanewise(LSHR, 16);
            IntVector rounded = raw.add(upper.and(1).add(0x7FFF)).lanewise(LSHR, 16)
                    .blend(upper.or(0x40), values.test(IS_NAN).cast(Species.INT));
            ((ShortVector) rounded.convertShape(I2S, Species.HALF_SHORT, 0)).intoArray(bits, bitsOffset + i);
        }
        for (; i < length; i++) {
            bits[bitsOffset + i] = BFloat16.fromFloat(x[xOffset + i]);
        }
    }

    @Override
    public void fromBFloat16(short[] bits, int bitsOffset, float[] x, int xOffset, int length) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            ((IntVector) ShortVector.fromArray(Species.HALF_SHORT, bits, bitsOffset + i)
                    .convertShape(S2I, Species.INT, 0)).lanewise(LSHL, 16).reinterpretAsFloats()
                    .intoArray(x, xOffset + i);
        }
        for (; i < length; i++) {
            x[xOffset + i] = BFloat16.toFloat(bits[bitsOffset + i]);
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
        DoubleVector sum0 = DoubleVector.zero(DOUBLE);
        DoubleVector sum1 = sum0;
        for (i = offset; i <= end - LANES; i += LANES) {
            FloatVector power = VectorExponential.of(FloatVector.fromArray(FLOAT, x, i).sub(max));
            power.intoArray(x, i);
            sum0 = sum0.add((DoubleVector) power.convertShape(F2D, DOUBLE, 0));
            sum1 = sum1.add((DoubleVector) power.convertShape(F2D, DOUBLE, 1));
        }
        double sum = sum0.add(sum1).reduceLanes(ADD);
        for (; i < end; i++) {
            x[i] = Exponential.of(x[i] - max);
            sum += x[i];
        }
        scale(x, offset, length, (float) (1 / sum));
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
