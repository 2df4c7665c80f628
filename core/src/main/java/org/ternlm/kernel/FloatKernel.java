package org.ternlm.kernel;

/// What a transformer does with floats between its matrices. All work on ranges of arrays, so that batches need no
/// copies. Stateless, allocation-free, safe from several threads on different ranges.
///
/// Each operation is defined to the bit: sums in double or in one order, [Exponential] for e to a power. Implementations
/// agree exactly, but for the last bit of a sum in one case of a hundred million; [#quantize] and [#attention] always.
public interface FloatKernel {
    /// The name that `doctor` shows.
    String name();

    /// Attention, which has a definition of its own.
    AttentionKernel attention();

    /// Dot products of one vector with many rows:
    /// `out[r] = factor · Σ over i of query[i] · rows[r · stride + i]`, for `count` rows from `rowsOffset` on.
    void dots(float[] query, int queryOffset, float[] rows, int rowsOffset, int stride, int count, int length,
            float factor, float[] out);

    /// Root mean square norm: `out[i] = gain[i] · x[i] / √(mean(x²) + epsilon)`. `out` may be `x`.
    void rmsNorm(float[] x, int xOffset, float[] gain, float epsilon, float[] out, int outOffset, int length);

    /// Int8 by absmax, exactly as [org.ternlm.quant.AbsMax#quantize] has it; returns the multiplier.
    float quantize(float[] x, int xOffset, int length, byte[] q, int qOffset);

    /// `gate[i] = silu(gate[i]) · up[i]`, `silu(x) = x / (1 + e^-x)`.
    void siluGate(float[] gate, float[] up, int offset, int length);

    /// `gate[i] = relu(gate[i])² · up[i]`.
    void reluSquaredGate(float[] gate, float[] up, int offset, int length);

    /// `x[i] = e^(x[i] - max) / Σ e^(x[j] - max)`.
    void softmax(float[] x, int offset, int length);

    /// Bits of bfloat16, rounded half to even, as [org.ternlm.tensor.BFloat16#fromFloat] has it.
    void toBFloat16(float[] x, int xOffset, short[] bits, int bitsOffset, int length);

    /// The floats of such bits, exactly.
    void fromBFloat16(short[] bits, int bitsOffset, float[] x, int xOffset, int length);

    /// 1 / √(meanSquare + epsilon), each step rounded to float as the reference implementations do: what follows is
    /// rounded to int8, where the last bit of a float can decide a tie.
    static float inverseRoot(float meanSquare, float epsilon) {
        return 1 / (float) Math.sqrt(meanSquare + epsilon);
    }
}
