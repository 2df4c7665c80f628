package org.ternlm.cli.doctor;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.ternlm.kernel.AttentionKernel;
import org.ternlm.kernel.FloatKernel;
import org.ternlm.kernel.KvBlock;
import org.ternlm.kernel.KvForm;

/// Runs the operators of two float kernels on the same numbers.
///
/// @param kernel the one in question
/// @param oracle the one that is right
/// @param length of the vectors
record FloatComparison(FloatKernel kernel, FloatKernel oracle, int length) {
    private static final int ROWS = 3;

    boolean isEqual(SplittableRandom random) {
        float[] gain = SelfTest.floats(length, random);
        float[] other = SelfTest.floats(length, random);
        float[] rows = SelfTest.floats(ROWS * length, random);
        KvBlock block = KvForm.F32.block(1, length);
        for (int row = 0; row < ROWS; row++) {
            block.put(0, row, rows, row * length, other, 0);
        }
        return agree(random, (floats, x) -> floats.rmsNorm(x, 0, gain, 1e-5f, x, 0, length))
                && agree(random, (floats, x) -> floats.siluGate(x, other, 0, length))
                && agree(random, (floats, x) -> floats.reluSquaredGate(x, other, 0, length))
                && agree(random, (floats, x) -> floats.softmax(x, 0, length))
                && agree(random, (floats, x) -> attend(floats.attention(), block, x))
                && agree(random, (floats, x) -> {
                    float[] scores = new float[ROWS];
                    floats.dots(x.clone(), 0, rows, 0, length, ROWS, length, 0.5f, scores);
                    System.arraycopy(scores, 0, x, 0, Math.min(ROWS, length));
                }) && quantizesEqually(random);
    }

    private void attend(AttentionKernel attention, KvBlock block, float[] x) {
        float[] scores = new float[KvBlock.POSITIONS];
        int[] start = {0};
        attention.scores(block, 0, KvBlock.POSITIONS, x.clone(), start, 1, 1f / length, scores, start);
        attention.weights(scores, 0, ROWS, attention.largest(scores, 0, ROWS));
        attention.mix(block, 0, 0, ROWS, scores, start, 1, x, start);
    }

    private boolean agree(SplittableRandom random, BiConsumer<FloatKernel, float[]> operator) {
        float[] expected = SelfTest.floats(length, random);
        float[] found = expected.clone();
        operator.accept(oracle, expected);
        operator.accept(kernel, found);
        for (int i = 0; i < length; i++) {
            if (!(Math.abs(expected[i] - found[i]) <= 1e-5 * Math.max(1, Math.abs(expected[i])))) {
                return false;
            }
        }
        return true;
    }

    private boolean quantizesEqually(SplittableRandom random) {
        float[] x = SelfTest.floats(length, random);
        byte[] expected = new byte[length];
        byte[] found = new byte[length];
        float multiplier = oracle.quantize(x, 0, length, expected, 0);
        return multiplier == kernel.quantize(x, 0, length, found, 0) && Arrays.equals(expected, found);
    }
}
