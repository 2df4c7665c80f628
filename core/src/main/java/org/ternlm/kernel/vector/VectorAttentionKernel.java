package org.ternlm.kernel.vector;

import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.AttentionKernel;
import org.ternlm.kernel.Exponential;
import org.ternlm.kernel.KvBlock;

/// [AttentionKernel] with vectors.
final class VectorAttentionKernel implements AttentionKernel {
    private static final VectorSpecies<Float> FLOAT = Species.FLOAT;
    private static final VectorSpecies<Double> DOUBLE = Species.DOUBLE;
    private static final int WIDTH = FLOAT.length();
    private static final int POSITIONS = KvBlock.POSITIONS;

    @Override
    public void scores(KvBlock block, int head, int positions, float[] query, int[] queryAt, int queries,
            float factor, float[] scores, int[] scoresAt) {
        int end = Math.ceilDiv(positions, KeySums.TOGETHER) * KeySums.TOGETHER;
        if (queries == QUERIES) {
            KeySums.four(block, head, end, query, queryAt, scores, scoresAt);
        } else {
            for (int q = 0; q < queries; q++) {
                KeySums.one(block, head, end, query, queryAt[q], scores, scoresAt[q]);
            }
        }
        for (int q = 0; q < queries; q++) {
            if (block instanceof KvBlock.Bytes bytes) {
                multiply(scores, scoresAt[q], bytes.keyScales(), head * POSITIONS, end);
            }
            for (int p = scoresAt[q]; p < scoresAt[q] + end; p += WIDTH) {
                FloatVector.fromArray(FLOAT, scores, p).mul(factor).intoArray(scores, p);
            }
        }
    }

    private static void multiply(float[] x, int at, float[] scales, int scalesAt, int count) {
        int p = 0;
        for (; p <= count - WIDTH; p += WIDTH) {
            FloatVector.fromArray(FLOAT, x, at + p).mul(FloatVector.fromArray(FLOAT, scales, scalesAt + p))
                    .intoArray(x, at + p);
        }
        for (; p < count; p++) {
            x[at + p] *= scales[scalesAt + p];
        }
    }

    @Override
    public float weights(float[] scores, int at, int count, float largest) {
        double[] lanes = new double[LANES];
        int whole = count - count % Math.max(LANES, WIDTH);
        for (int p = 0; p < whole; p += WIDTH) {
            FloatVector weight = VectorExponential.of(FloatVector.fromArray(FLOAT, scores, at + p).sub(largest));
            weight.intoArray(scores, at + p);
            int lane = p % LANES;
            DoubleVector.fromArray(DOUBLE, lanes, lane).add((DoubleVector) weight.convertShape(F2D, DOUBLE, 0))
                    .intoArray(lanes, lane);
            int next = (lane + WIDTH / 2) % LANES;
            DoubleVector.fromArray(DOUBLE, lanes, next).add((DoubleVector) weight.convertShape(F2D, DOUBLE, 1))
                    .intoArray(lanes, next);
        }
        for (int p = whole; p < count; p++) {
            scores[at + p] = Exponential.of(scores[at + p] - largest);
            lanes[p % LANES] += scores[at + p];
        }
        return AttentionKernel.total(lanes);
    }

    @Override
    public float largest(float[] scores, int at, int count) {
        FloatVector maxima = FloatVector.broadcast(FLOAT, Float.NEGATIVE_INFINITY);
        int p = 0;
        for (; p <= count - WIDTH; p += WIDTH) {
            maxima = maxima.max(FloatVector.fromArray(FLOAT, scores, at + p));
        }
        float largest = maxima.reduceLanes(MAX);
        for (; p < count; p++) {
            largest = Math.max(largest, scores[at + p]);
        }
        return largest;
    }

    @Override
    public void mix(KvBlock block, int head, int from, int to, float[] weights, int[] weightsAt, int queries,
            float[] out, int[] outAt) {
        if (block instanceof KvBlock.Bytes bytes) {
            for (int q = 0; q < queries; q++) {
                multiply(weights, weightsAt[q] + from, bytes.valueScales(), head * POSITIONS + from, to - from);
            }
        }
        if (queries == QUERIES) {
            ValueSums.four(block, head, from, to, weights, weightsAt, out, outAt);
        } else {
            for (int q = 0; q < queries; q++) {
                ValueSums.one(block, head, from, to, weights, weightsAt[q], out, outAt[q], 0);
            }
        }
    }
}
