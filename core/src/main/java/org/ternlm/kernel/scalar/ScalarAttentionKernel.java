package org.ternlm.kernel.scalar;

import java.util.Arrays;
import org.ternlm.kernel.AttentionKernel;
import org.ternlm.kernel.Exponential;
import org.ternlm.kernel.KvBlock;
import org.ternlm.tensor.BFloat16;

/// [AttentionKernel] as its equations stand.
public final class ScalarAttentionKernel implements AttentionKernel {
    @Override
    public void scores(KvBlock block, int head, int positions, float[] query, int[] queryAt, int queries,
            float factor, float[] scores, int[] scoresAt) {
        for (int q = 0; q < queries; q++) {
            int at = scoresAt[q];
            Arrays.fill(scores, at, at + positions, 0);
            for (int i = 0; i < block.headSize(); i++) {
                float x = query[queryAt[q] + i];
                for (int p = 0; p < positions; p++) {
                    scores[at + p] = Math.fma(key(block, block.keyOf(head, p) + i * KvBlock.KEYS_TOGETHER), x,
                            scores[at + p]);
                }
            }
            for (int p = 0; p < positions; p++) {
                scores[at + p] = scores[at + p] * keyScale(block, head, p) * factor;
            }
        }
    }

    private static float key(KvBlock block, int at) {
        return switch (block) {
            case KvBlock.Floats floats -> floats.keys()[at];
            case KvBlock.Halves halves -> BFloat16.toFloat(halves.keys()[at]);
            case KvBlock.Bytes bytes -> bytes.keys()[at];
        };
    }

    private static float keyScale(KvBlock block, int head, int position) {
        return block instanceof KvBlock.Bytes bytes ? bytes.keyScales()[head * KvBlock.POSITIONS + position] : 1;
    }

    @Override
    public float weights(float[] scores, int at, int count, float largest) {
        double[] lanes = new double[LANES];
        for (int p = 0; p < count; p++) {
            scores[at + p] = Exponential.of(scores[at + p] - largest);
            lanes[p % LANES] += scores[at + p];
        }
        return AttentionKernel.total(lanes);
    }

    @Override
    public float largest(float[] scores, int at, int count) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int p = at; p < at + count; p++) {
            largest = Math.max(largest, scores[p]);
        }
        return largest;
    }

    @Override
    public void mix(KvBlock block, int head, int from, int to, float[] weights, int[] weightsAt, int queries,
            float[] out, int[] outAt) {
        for (int q = 0; q < queries; q++) {
            for (int p = from; p < to; p++) {
                float weight = weights[weightsAt[q] + p] * valueScale(block, head, p);
                int values = block.valuesOf(head, p);
                for (int i = 0; i < block.headSize(); i++) {
                    out[outAt[q] + i] = Math.fma(value(block, values + i), weight, out[outAt[q] + i]);
                }
            }
        }
    }

    private static float value(KvBlock block, int at) {
        return switch (block) {
            case KvBlock.Floats floats -> floats.values()[at];
            case KvBlock.Halves halves -> BFloat16.toFloat(halves.values()[at]);
            case KvBlock.Bytes bytes -> bytes.values()[at];
        };
    }

    private static float valueScale(KvBlock block, int head, int position) {
        return block instanceof KvBlock.Bytes bytes ? bytes.valueScales()[head * KvBlock.POSITIONS + position] : 1;
    }
}
