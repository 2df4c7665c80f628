package org.ternlm.kernel.scalar;

import org.ternlm.kernel.AttentionKernel;
import org.ternlm.kernel.Exponential;
import org.ternlm.kernel.FloatKernel;
import org.ternlm.quant.AbsMax;
import org.ternlm.tensor.BFloat16;

/// [FloatKernel] as its equations stand; sums in double where an order of adding is not
/// part of the equation.
public final class ScalarFloatKernel implements FloatKernel {
    private final AttentionKernel attention = new ScalarAttentionKernel();

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void dots(float[] query, int queryOffset, float[] rows, int rowsOffset, int stride, int count, int length,
            float factor, float[] out) {
        for (int r = 0; r < count; r++) {
            double sum = 0;
            for (int i = 0; i < length; i++) {
                sum += (double) query[queryOffset + i] * rows[rowsOffset + r * stride + i];
            }
            out[r] = (float) sum * factor;
        }
    }

    @Override
    public AttentionKernel attention() {
        return attention;
    }

    @Override
    public void rmsNorm(float[] x, int xOffset, float[] gain, float epsilon, float[] out, int outOffset, int length) {
        double squares = 0;
        for (int i = 0; i < length; i++) {
            squares += (double) x[xOffset + i] * x[xOffset + i];
        }
        float inverse = FloatKernel.inverseRoot((float) (squares / length), epsilon);
        for (int i = 0; i < length; i++) {
            out[outOffset + i] = gain[i] * (x[xOffset + i] * inverse);
        }
    }

    @Override
    public float quantize(float[] x, int xOffset, int length, byte[] q, int qOffset) {
        return AbsMax.quantize(x, xOffset, length, q, qOffset);
    }

    @Override
    public void siluGate(float[] gate, float[] up, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            gate[i] = gate[i] / (Exponential.of(-gate[i]) + 1) * up[i];
        }
    }

    @Override
    public void reluSquaredGate(float[] gate, float[] up, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            float positive = Math.max(gate[i], 0);
            gate[i] = positive * positive * up[i];
        }
    }

    @Override
    public void toBFloat16(float[] x, int xOffset, short[] bits, int bitsOffset, int length) {
        for (int i = 0; i < length; i++) {
            bits[bitsOffset + i] = BFloat16.fromFloat(x[xOffset + i]);
        }
    }

    @Override
    public void fromBFloat16(short[] bits, int bitsOffset, float[] x, int xOffset, int length) {
        for (int i = 0; i < length; i++) {
            x[xOffset + i] = BFloat16.toFloat(bits[bitsOffset + i]);
        }
    }

    @Override
    public void softmax(float[] x, int offset, int length) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + length; i++) {
            max = Math.max(max, x[i]);
        }
        double sum = 0;
        for (int i = offset; i < offset + length; i++) {
            x[i] = Exponential.of(x[i] - max);
            sum += x[i];
        }
        float inverse = (float) (1 / sum);
        for (int i = offset; i < offset + length; i++) {
            x[i] *= inverse;
        }
    }
}
