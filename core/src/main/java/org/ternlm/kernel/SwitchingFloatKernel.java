package org.ternlm.kernel;

/// One kernel at first, another with the same results after [#turn()].
final class SwitchingFloatKernel implements FloatKernel {
    private final FloatKernel second;
    private volatile FloatKernel current;

    SwitchingFloatKernel(FloatKernel first, FloatKernel second) {
        this.second = second;
        current = first;
    }

    void turn() {
        current = second;
    }

    @Override
    public String name() {
        return second.name();
    }

    @Override
    public void dots(float[] query, int queryOffset, float[] rows, int rowsOffset, int stride, int count, int length,
            float factor, float[] out) {
        current.dots(query, queryOffset, rows, rowsOffset, stride, count, length, factor, out);
    }

    @Override
    public AttentionKernel attention() {
        return current.attention();
    }

    @Override
    public void rmsNorm(float[] x, int xOffset, float[] gain, float epsilon, float[] out, int outOffset, int length) {
        current.rmsNorm(x, xOffset, gain, epsilon, out, outOffset, length);
    }

    @Override
    public float quantize(float[] x, int xOffset, int length, byte[] q, int qOffset) {
        return current.quantize(x, xOffset, length, q, qOffset);
    }

    @Override
    public void siluGate(float[] gate, float[] up, int offset, int length) {
        current.siluGate(gate, up, offset, length);
    }

    @Override
    public void reluSquaredGate(float[] gate, float[] up, int offset, int length) {
        current.reluSquaredGate(gate, up, offset, length);
    }

    @Override
    public void toBFloat16(float[] x, int xOffset, short[] bits, int bitsOffset, int length) {
        current.toBFloat16(x, xOffset, bits, bitsOffset, length);
    }

    @Override
    public void fromBFloat16(short[] bits, int bitsOffset, float[] x, int xOffset, int length) {
        current.fromBFloat16(bits, bitsOffset, x, xOffset, length);
    }

    @Override
    public void softmax(float[] x, int offset, int length) {
        current.softmax(x, offset, length);
    }
}
