package org.ternlm.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.KvBlock;
import org.ternlm.tensor.BFloat16;

/// Adds weighted values of a block to mixtures: the elements of a head lie side by side in vectors, whose sums stay in
/// registers over all positions, and each value that was loaded serves four queries. One loop for each form, written out
/// so that nothing is boxed.
final class ValueSums {
    private static final VectorSpecies<Float> FLOAT = Species.FLOAT;
    private static final int WIDTH = FLOAT.length();

    private ValueSums() {}

    /// `out[outAt[q] + i] += Σ weights[weightsAt[q] + p] · value[p][i]` over `from` ≤ p < `to`, for four queries.
    static void four(KvBlock block, int head, int from, int to, float[] weights, int[] weightsAt, float[] out,
            int[] outAt) {
        int size = block.headSize();
        int values = block.valuesOf(head, 0);
        int i = 0;
        for (; i <= size - 2 * WIDTH; i += 2 * WIDTH) {
            switch (block) {
                case KvBlock.Floats floats ->
                    four(floats.values(), values + i, size, from, to, weights, weightsAt, out, outAt, i);
                case KvBlock.Halves halves ->
                    four(halves.values(), values + i, size, from, to, weights, weightsAt, out, outAt, i);
                case KvBlock.Bytes bytes ->
                    four(bytes.values(), values + i, size, from, to, weights, weightsAt, out, outAt, i);
            }
        }
        for (int q = 0; i < size && q < 4; q++) {
            one(block, head, from, to, weights, weightsAt[q], out, outAt[q], i);
        }
    }

    /// The same for one query, from element `i` on.
    static void one(KvBlock block, int head, int from, int to, float[] weights, int weightsAt, float[] out, int outAt,
            int i) {
        int size = block.headSize();
        int values = block.valuesOf(head, 0);
        switch (block) {
            case KvBlock.Floats floats ->
                one(floats.values(), values, size, from, to, weights, weightsAt, out, outAt, i);
            case KvBlock.Halves halves ->
                one(halves.values(), values, size, from, to, weights, weightsAt, out, outAt, i);
            case KvBlock.Bytes bytes -> one(bytes.values(), values, size, from, to, weights, weightsAt, out, outAt, i);
        }
    }

    private static void four(float[] values, int valuesAt, int size, int from, int to, float[] weights,
            int[] weightsAt, float[] out, int[] outAt, int i) {
        int w0 = weightsAt[0];
        int w1 = weightsAt[1];
        int w2 = weightsAt[2];
        int w3 = weightsAt[3];
        FloatVector a0 = FloatVector.fromArray(FLOAT, out, outAt[0] + i);
        FloatVector b0 = FloatVector.fromArray(FLOAT, out, outAt[0] + i + WIDTH);
        FloatVector a1 = FloatVector.fromArray(FLOAT, out, outAt[1] + i);
        FloatVector b1 = FloatVector.fromArray(FLOAT, out, outAt[1] + i + WIDTH);
        FloatVector a2 = FloatVector.fromArray(FLOAT, out, outAt[2] + i);
        FloatVector b2 = FloatVector.fromArray(FLOAT, out, outAt[2] + i + WIDTH);
        FloatVector a3 = FloatVector.fromArray(FLOAT, out, outAt[3] + i);
        FloatVector b3 = FloatVector.fromArray(FLOAT, out, outAt[3] + i + WIDTH);
        for (int p = from; p < to; p++) {
            int at = valuesAt + p * size;
            FloatVector a = CacheVectors.load(values, at);
            FloatVector b = CacheVectors.load(values, at + WIDTH);
            FloatVector q0 = FloatVector.broadcast(FLOAT, weights[w0 + p]);
            a0 = a.fma(q0, a0);
            b0 = b.fma(q0, b0);
            FloatVector q1 = FloatVector.broadcast(FLOAT, weights[w1 + p]);
            a1 = a.fma(q1, a1);
            b1 = b.fma(q1, b1);
            FloatVector q2 = FloatVector.broadcast(FLOAT, weights[w2 + p]);
            a2 = a.fma(q2, a2);
            b2 = b.fma(q2, b2);
            FloatVector q3 = FloatVector.broadcast(FLOAT, weights[w3 + p]);
            a3 = a.fma(q3, a3);
            b3 = b.fma(q3, b3);
        }
        a0.intoArray(out, outAt[0] + i);
        b0.intoArray(out, outAt[0] + i + WIDTH);
        a1.intoArray(out, outAt[1] + i);
        b1.intoArray(out, outAt[1] + i + WIDTH);
        a2.intoArray(out, outAt[2] + i);
        b2.intoArray(out, outAt[2] + i + WIDTH);
        a3.intoArray(out, outAt[3] + i);
        b3.intoArray(out, outAt[3] + i + WIDTH);
    }

    private static void one(float[] values, int valuesAt, int size, int from, int to, float[] weights, int weightsAt,
            float[] out, int outAt, int first) {
        int i = first;
        for (; i <= size - 2 * WIDTH; i += 2 * WIDTH) {
            FloatVector a = FloatVector.fromArray(FLOAT, out, outAt + i);
            FloatVector b = FloatVector.fromArray(FLOAT, out, outAt + i + WIDTH);
            for (int p = from; p < to; p++) {
                int at = valuesAt + p * size + i;
                FloatVector weight = FloatVector.broadcast(FLOAT, weights[weightsAt + p]);
                a = CacheVectors.load(values, at).fma(weight, a);
                b = CacheVectors.load(values, at + WIDTH).fma(weight, b);
            }
            a.intoArray(out, outAt + i);
            b.intoArray(out, outAt + i + WIDTH);
        }
        for (; i <= size - WIDTH; i += WIDTH) {
            FloatVector a = FloatVector.fromArray(FLOAT, out, outAt + i);
            for (int p = from; p < to; p++) {
                FloatVector weight = FloatVector.broadcast(FLOAT, weights[weightsAt + p]);
                a = CacheVectors.load(values, valuesAt + p * size + i).fma(weight, a);
            }
            a.intoArray(out, outAt + i);
        }
        for (; i < size; i++) {
            float sum = out[outAt + i];
            for (int p = from; p < to; p++) {
                sum = Math.fma(values[valuesAt + p * size + i], weights[weightsAt + p], sum);
            }
            out[outAt + i] = sum;
        }
    }

    private static void four(short[] values, int valuesAt, int size, int from, int to, float[] weights,
            int[] weightsAt, float[] out, int[] outAt, int i) {
        int w0 = weightsAt[0];
        int w1 = weightsAt[1];
        int w2 = weightsAt[2];
        int w3 = weightsAt[3];
        FloatVector a0 = FloatVector.fromArray(FLOAT, out, outAt[0] + i);
        FloatVector b0 = FloatVector.fromArray(FLOAT, out, outAt[0] + i + WIDTH);
        FloatVector a1 = FloatVector.fromArray(FLOAT, out, outAt[1] + i);
        FloatVector b1 = FloatVector.fromArray(FLOAT, out, outAt[1] + i + WIDTH);
        FloatVector a2 = FloatVector.fromArray(FLOAT, out, outAt[2] + i);
        FloatVector b2 = FloatVector.fromArray(FLOAT, out, outAt[2] + i + WIDTH);
        FloatVector a3 = FloatVector.fromArray(FLOAT, out, outAt[3] + i);
        FloatVector b3 = FloatVector.fromArray(FLOAT, out, outAt[3] + i + WIDTH);
        for (int p = from; p < to; p++) {
            int at = valuesAt + p * size;
            FloatVector a = CacheVectors.load(values, at);
            FloatVector b = CacheVectors.load(values, at + WIDTH);
            FloatVector q0 = FloatVector.broadcast(FLOAT, weights[w0 + p]);
            a0 = a.fma(q0, a0);
            b0 = b.fma(q0, b0);
            FloatVector q1 = FloatVector.broadcast(FLOAT, weights[w1 + p]);
            a1 = a.fma(q1, a1);
            b1 = b.fma(q1, b1);
            FloatVector q2 = FloatVector.broadcast(FLOAT, weights[w2 + p]);
            a2 = a.fma(q2, a2);
            b2 = b.fma(q2, b2);
            FloatVector q3 = FloatVector.broadcast(FLOAT, weights[w3 + p]);
            a3 = a.fma(q3, a3);
            b3 = b.fma(q3, b3);
        }
        a0.intoArray(out, outAt[0] + i);
        b0.intoArray(out, outAt[0] + i + WIDTH);
        a1.intoArray(out, outAt[1] + i);
        b1.intoArray(out, outAt[1] + i + WIDTH);
        a2.intoArray(out, outAt[2] + i);
        b2.intoArray(out, outAt[2] + i + WIDTH);
        a3.intoArray(out, outAt[3] + i);
        b3.intoArray(out, outAt[3] + i + WIDTH);
    }

    private static void one(short[] values, int valuesAt, int size, int from, int to, float[] weights, int weightsAt,
            float[] out, int outAt, int first) {
        int i = first;
        for (; i <= size - 2 * WIDTH; i += 2 * WIDTH) {
            FloatVector a = FloatVector.fromArray(FLOAT, out, outAt + i);
            FloatVector b = FloatVector.fromArray(FLOAT, out, outAt + i + WIDTH);
            for (int p = from; p < to; p++) {
                int at = valuesAt + p * size + i;
                FloatVector weight = FloatVector.broadcast(FLOAT, weights[weightsAt + p]);
                a = CacheVectors.load(values, at).fma(weight, a);
                b = CacheVectors.load(values, at + WIDTH).fma(weight, b);
            }
            a.intoArray(out, outAt + i);
            b.intoArray(out, outAt + i + WIDTH);
        }
        for (; i <= size - WIDTH; i += WIDTH) {
            FloatVector a = FloatVector.fromArray(FLOAT, out, outAt + i);
            for (int p = from; p < to; p++) {
                FloatVector weight = FloatVector.broadcast(FLOAT, weights[weightsAt + p]);
                a = CacheVectors.load(values, valuesAt + p * size + i).fma(weight, a);
            }
            a.intoArray(out, outAt + i);
        }
        for (; i < size; i++) {
            float sum = out[outAt + i];
            for (int p = from; p < to; p++) {
                sum = Math.fma(BFloat16.toFloat(values[valuesAt + p * size + i]), weights[weightsAt + p], sum);
            }
            out[outAt + i] = sum;
        }
    }

    private static void four(byte[] values, int valuesAt, int size, int from, int to, float[] weights,
            int[] weightsAt, float[] out, int[] outAt, int i) {
        int w0 = weightsAt[0];
        int w1 = weightsAt[1];
        int w2 = weightsAt[2];
        int w3 = weightsAt[3];
        FloatVector a0 = FloatVector.fromArray(FLOAT, out, outAt[0] + i);
        FloatVector b0 = FloatVector.fromArray(FLOAT, out, outAt[0] + i + WIDTH);
        FloatVector a1 = FloatVector.fromArray(FLOAT, out, outAt[1] + i);
        FloatVector b1 = FloatVector.fromArray(FLOAT, out, outAt[1] + i + WIDTH);
        FloatVector a2 = FloatVector.fromArray(FLOAT, out, outAt[2] + i);
        FloatVector b2 = FloatVector.fromArray(FLOAT, out, outAt[2] + i + WIDTH);
        FloatVector a3 = FloatVector.fromArray(FLOAT, out, outAt[3] + i);
        FloatVector b3 = FloatVector.fromArray(FLOAT, out, outAt[3] + i + WIDTH);
        for (int p = from; p < to; p++) {
            int at = valuesAt + p * size;
            FloatVector a = CacheVectors.load(values, at);
            FloatVector b = CacheVectors.load(values, at + WIDTH);
            FloatVector q0 = FloatVector.broadcast(FLOAT, weights[w0 + p]);
            a0 = a.fma(q0, a0);
            b0 = b.fma(q0, b0);
            FloatVector q1 = FloatVector.broadcast(FLOAT, weights[w1 + p]);
            a1 = a.fma(q1, a1);
            b1 = b.fma(q1, b1);
            FloatVector q2 = FloatVector.broadcast(FLOAT, weights[w2 + p]);
            a2 = a.fma(q2, a2);
            b2 = b.fma(q2, b2);
            FloatVector q3 = FloatVector.broadcast(FLOAT, weights[w3 + p]);
            a3 = a.fma(q3, a3);
            b3 = b.fma(q3, b3);
        }
        a0.intoArray(out, outAt[0] + i);
        b0.intoArray(out, outAt[0] + i + WIDTH);
        a1.intoArray(out, outAt[1] + i);
        b1.intoArray(out, outAt[1] + i + WIDTH);
        a2.intoArray(out, outAt[2] + i);
        b2.intoArray(out, outAt[2] + i + WIDTH);
        a3.intoArray(out, outAt[3] + i);
        b3.intoArray(out, outAt[3] + i + WIDTH);
    }

    private static void one(byte[] values, int valuesAt, int size, int from, int to, float[] weights, int weightsAt,
            float[] out, int outAt, int first) {
        int i = first;
        for (; i <= size - 2 * WIDTH; i += 2 * WIDTH) {
            FloatVector a = FloatVector.fromArray(FLOAT, out, outAt + i);
            FloatVector b = FloatVector.fromArray(FLOAT, out, outAt + i + WIDTH);
            for (int p = from; p < to; p++) {
                int at = valuesAt + p * size + i;
                FloatVector weight = FloatVector.broadcast(FLOAT, weights[weightsAt + p]);
                a = CacheVectors.load(values, at).fma(weight, a);
                b = CacheVectors.load(values, at + WIDTH).fma(weight, b);
            }
            a.intoArray(out, outAt + i);
            b.intoArray(out, outAt + i + WIDTH);
        }
        for (; i <= size - WIDTH; i += WIDTH) {
            FloatVector a = FloatVector.fromArray(FLOAT, out, outAt + i);
            for (int p = from; p < to; p++) {
                FloatVector weight = FloatVector.broadcast(FLOAT, weights[weightsAt + p]);
                a = CacheVectors.load(values, valuesAt + p * size + i).fma(weight, a);
            }
            a.intoArray(out, outAt + i);
        }
        for (; i < size; i++) {
            float sum = out[outAt + i];
            for (int p = from; p < to; p++) {
                sum = Math.fma(values[valuesAt + p * size + i], weights[weightsAt + p], sum);
            }
            out[outAt + i] = sum;
        }
    }
}
