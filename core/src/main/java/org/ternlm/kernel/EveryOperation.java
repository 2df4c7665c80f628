package org.ternlm.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Every operation once, on dummy data: what [WarmUp] repeats until it is compiled.
///
/// The data makes every loop run several times and every branch be taken, as far as that is possible: what is never seen
/// here would be compiled anew when a model comes.
final class EveryOperation implements WarmUp.Repeated {
    /// Thirteen blocks, so that kernels that take two or eight at once also see a rest.
    private static final int ROWS = 416;
    private static final int COLUMNS = 776;
    private static final int TOKENS = 5;
    private static final int POSITIONS = 64;
    private static final int STRIDE = 72;
    private static final int HEAD_SIZE = 80;
    private static final int[] QUERY_PLACES = {0, HEAD_SIZE, 2 * HEAD_SIZE, 3 * HEAD_SIZE};
    private static final int[] SCORE_PLACES = {0, KvBlock.POSITIONS, 2 * KvBlock.POSITIONS, 3 * KvBlock.POSITIONS};

    private final MemorySegment codes;
    private final List<? extends WarmUp.Repeated> dense;
    private final float[] x = new float[TOKENS * COLUMNS];
    private final float[] y = new float[Math.max(TOKENS * COLUMNS, POSITIONS * STRIDE)];
    private final float[] gain = new float[COLUMNS];
    private final float[] scores = new float[AttentionKernel.QUERIES * KvBlock.POSITIONS];
    private final List<KvBlock> blocks = Arrays.stream(KvForm.values()).map(form -> form.block(1, HEAD_SIZE))
            .toList();
    private final Activations large = new Activations();
    private final Activations small = new Activations();
    private final Activations rounded = new Activations();
    private final short[] halves = new short[COLUMNS];
    private final int[] sums = new int[TOKENS * TernaryKernel.paddedRows(ROWS)];

    /// @param dense products of dense forms
    /// @param arena for the dummy weights
    EveryOperation(List<? extends WarmUp.Repeated> dense, Arena arena) {
        this.dense = dense;
        codes = arena.allocate(1 << 17, 64);
        rounded.reset(1, COLUMNS);
        // Sums of 16 bits end soon with some of them, and late with others (LookupTables).
        large.reset(TOKENS, COLUMNS);
        for (int token = 0; token < TOKENS; token++) {
            large.set(token, halfOfThem(token == TOKENS - 1 ? 1 : Byte.MAX_VALUE), 0);
        }
        small.reset(1, COLUMNS);
        small.set(0, halfOfThem(1), 0);
    }

    private static byte[] halfOfThem(int value) {
        byte[] values = new byte[COLUMNS];
        for (int column = 0; column < COLUMNS; column += 2) {
            values[column] = (byte) value;
        }
        return values;
    }

    @Override
    public long run(Kernels kernels) {
        long start = System.nanoTime();
        multiply(kernels.ternary(), large, TOKENS);
        multiply(kernels.ternary(), large, 1);
        multiply(kernels.signs(), small, 1);
        if (kernels.sparse() != null) {
            multiply(kernels.sparse(), small, 1);
        }
        dense.forEach(form -> form.run(kernels));
        FloatKernel floats = kernels.floats();
        floats.rmsNorm(x, 0, gain, 1, y, 0, COLUMNS);
        rounded.quantize(0, x, 0, floats);
        floats.siluGate(x, y, 0, COLUMNS);
        floats.reluSquaredGate(x, y, 0, COLUMNS);
        floats.dots(x, 0, y, 0, STRIDE, POSITIONS, 64, 1, scores);
        floats.softmax(scores, 0, scores.length);
        attend(floats.attention(), 1);
        attend(floats.attention(), AttentionKernel.QUERIES);
        floats.toBFloat16(x, 0, halves, 0, COLUMNS);
        floats.fromBFloat16(halves, 0, x, 0, COLUMNS);
        return System.nanoTime() - start;
    }

    private void multiply(TernaryKernel kernel, Activations input, int tokens) {
        input.prepare(kernel, 0, tokens);
        kernel.multiply(codes, ROWS, 0, TernaryKernel.blocks(ROWS), input, 0, tokens, sums);
    }

    private void attend(AttentionKernel attention, int queries) {
        for (KvBlock block : blocks) {
            attention.scores(block, 0, KvBlock.POSITIONS, x, QUERY_PLACES, queries, 1, scores, SCORE_PLACES);
            float largest = attention.largest(scores, 0, KvBlock.POSITIONS);
            attention.weights(scores, 0, KvBlock.POSITIONS, largest);
            attention.mix(block, 0, 0, KvBlock.POSITIONS, scores, SCORE_PLACES, queries, y, QUERY_PLACES);
        }
    }
}
