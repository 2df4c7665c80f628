package org.ternlm.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.KvBlock;

/// The sums of products of queries with the keys of a block: positions lie side by side in vectors, and each key that was
/// loaded serves four queries. One loop for each form, written out so that nothing is boxed.
final class KeySums {
    private static final VectorSpecies<Float> FLOAT = Species.FLOAT;
    private static final int WIDTH = FLOAT.length();
    /// Positions that are passed at once.
    static final int TOGETHER = 2 * WIDTH;

    private KeySums() {}

    /// `sums[to[q] + p] = Σ x[from[q] + i] · key[p][i]` for four queries and the positions before `end`, a
    /// multiple of [#TOGETHER].
    static void four(KvBlock block, int head, int end, float[] x, int[] from, float[] sums, int[] to) {
        int size = block.headSize();
        for (int part = 0; part < end; part += TOGETHER) {
            int keys = block.keyOf(head, part);
            int apart = block.keyOf(head, part + WIDTH) - keys;
            switch (block) {
                case KvBlock.Floats floats -> four(floats.keys(), keys, apart, size, x, from, sums, to, part);
                case KvBlock.Halves halves -> four(halves.keys(), keys, apart, size, x, from, sums, to, part);
                case KvBlock.Bytes bytes -> four(bytes.keys(), keys, apart, size, x, from, sums, to, part);
            }
        }
    }

    /// The same for one query.
    static void one(KvBlock block, int head, int end, float[] x, int from, float[] sums, int to) {
        int size = block.headSize();
        for (int part = 0; part < end; part += TOGETHER) {
            int keys = block.keyOf(head, part);
            int apart = block.keyOf(head, part + WIDTH) - keys;
            switch (block) {
                case KvBlock.Floats floats -> one(floats.keys(), keys, apart, size, x, from, sums, to + part);
                case KvBlock.Halves halves -> one(halves.keys(), keys, apart, size, x, from, sums, to + part);
                case KvBlock.Bytes bytes -> one(bytes.keys(), keys, apart, size, x, from, sums, to + part);
            }
        }
    }

    private static void four(float[] keys, int keysAt, int apart, int size, float[] x, int[] from, float[] sums,
            int[] to, int part) {
        int x0 = from[0];
        int x1 = from[1];
        int x2 = from[2];
        int x3 = from[3];
        FloatVector a0 = FloatVector.zero(FLOAT);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        for (int i = 0; i < size; i++) {
            int at = keysAt + i * KvBlock.KEYS_TOGETHER;
            FloatVector a = CacheVectors.load(keys, at);
            FloatVector b = CacheVectors.load(keys, at + apart);
            FloatVector q0 = FloatVector.broadcast(FLOAT, x[x0 + i]);
            a0 = a.fma(q0, a0);
            b0 = b.fma(q0, b0);
            FloatVector q1 = FloatVector.broadcast(FLOAT, x[x1 + i]);
            a1 = a.fma(q1, a1);
            b1 = b.fma(q1, b1);
            FloatVector q2 = FloatVector.broadcast(FLOAT, x[x2 + i]);
            a2 = a.fma(q2, a2);
            b2 = b.fma(q2, b2);
            FloatVector q3 = FloatVector.broadcast(FLOAT, x[x3 + i]);
            a3 = a.fma(q3, a3);
            b3 = b.fma(q3, b3);
        }
        a0.intoArray(sums, to[0] + part);
        b0.intoArray(sums, to[0] + part + WIDTH);
        a1.intoArray(sums, to[1] + part);
        b1.intoArray(sums, to[1] + part + WIDTH);
        a2.intoArray(sums, to[2] + part);
        b2.intoArray(sums, to[2] + part + WIDTH);
        a3.intoArray(sums, to[3] + part);
        b3.intoArray(sums, to[3] + part + WIDTH);
    }

    private static void one(float[] keys, int keysAt, int apart, int size, float[] x, int from, float[] sums,
            int to) {
        FloatVector a = FloatVector.zero(FLOAT);
        FloatVector b = a;
        for (int i = 0; i < size; i++) {
            int at = keysAt + i * KvBlock.KEYS_TOGETHER;
            FloatVector q = FloatVector.broadcast(FLOAT, x[from + i]);
            a = CacheVectors.load(keys, at).fma(q, a);
            b = CacheVectors.load(keys, at + apart).fma(q, b);
        }
        a.intoArray(sums, to);
        b.intoArray(sums, to + WIDTH);
    }

    private static void four(short[] keys, int keysAt, int apart, int size, float[] x, int[] from, float[] sums,
            int[] to, int part) {
        int x0 = from[0];
        int x1 = from[1];
        int x2 = from[2];
        int x3 = from[3];
        FloatVector a0 = FloatVector.zero(FLOAT);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        for (int i = 0; i < size; i++) {
            int at = keysAt + i * KvBlock.KEYS_TOGETHER;
            FloatVector a = CacheVectors.load(keys, at);
            FloatVector b = CacheVectors.load(keys, at + apart);
            FloatVector q0 = FloatVector.broadcast(FLOAT, x[x0 + i]);
            a0 = a.fma(q0, a0);
            b0 = b.fma(q0, b0);
            FloatVector q1 = FloatVector.broadcast(FLOAT, x[x1 + i]);
            a1 = a.fma(q1, a1);
            b1 = b.fma(q1, b1);
            FloatVector q2 = FloatVector.broadcast(FLOAT, x[x2 + i]);
            a2 = a.fma(q2, a2);
            b2 = b.fma(q2, b2);
            FloatVector q3 = FloatVector.broadcast(FLOAT, x[x3 + i]);
            a3 = a.fma(q3, a3);
            b3 = b.fma(q3, b3);
        }
        a0.intoArray(sums, to[0] + part);
        b0.intoArray(sums, to[0] + part + WIDTH);
        a1.intoArray(sums, to[1] + part);
        b1.intoArray(sums, to[1] + part + WIDTH);
        a2.intoArray(sums, to[2] + part);
        b2.intoArray(sums, to[2] + part + WIDTH);
        a3.intoArray(sums, to[3] + part);
        b3.intoArray(sums, to[3] + part + WIDTH);
    }

    private static void one(short[] keys, int keysAt, int apart, int size, float[] x, int from, float[] sums,
            int to) {
        FloatVector a = FloatVector.zero(FLOAT);
        FloatVector b = a;
        for (int i = 0; i < size; i++) {
            int at = keysAt + i * KvBlock.KEYS_TOGETHER;
            FloatVector q = FloatVector.broadcast(FLOAT, x[from + i]);
            a = CacheVectors.load(keys, at).fma(q, a);
            b = CacheVectors.load(keys, at + apart).fma(q, b);
        }
        a.intoArray(sums, to);
        b.intoArray(sums, to + WIDTH);
    }

    private static void four(byte[] keys, int keysAt, int apart, int size, float[] x, int[] from, float[] sums,
            int[] to, int part) {
        int x0 = from[0];
        int x1 = from[1];
        int x2 = from[2];
        int x3 = from[3];
        FloatVector a0 = FloatVector.zero(FLOAT);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        for (int i = 0; i < size; i++) {
            int at = keysAt + i * KvBlock.KEYS_TOGETHER;
            FloatVector a = CacheVectors.load(keys, at);
            FloatVector b = CacheVectors.load(keys, at + apart);
            FloatVector q0 = FloatVector.broadcast(FLOAT, x[x0 + i]);
            a0 = a.fma(q0, a0);
            b0 = b.fma(q0, b0);
            FloatVector q1 = FloatVector.broadcast(FLOAT, x[x1 + i]);
            a1 = a.fma(q1, a1);
            b1 = b.fma(q1, b1);
            FloatVector q2 = FloatVector.broadcast(FLOAT, x[x2 + i]);
            a2 = a.fma(q2, a2);
            b2 = b.fma(q2, b2);
            FloatVector q3 = FloatVector.broadcast(FLOAT, x[x3 + i]);
            a3 = a.fma(q3, a3);
            b3 = b.fma(q3, b3);
        }
        a0.intoArray(sums, to[0] + part);
        b0.intoArray(sums, to[0] + part + WIDTH);
        a1.intoArray(sums, to[1] + part);
        b1.intoArray(sums, to[1] + part + WIDTH);
        a2.intoArray(sums, to[2] + part);
        b2.intoArray(sums, to[2] + part + WIDTH);
        a3.intoArray(sums, to[3] + part);
        b3.intoArray(sums, to[3] + part + WIDTH);
    }

    private static void one(byte[] keys, int keysAt, int apart, int size, float[] x, int from, float[] sums,
            int to) {
        FloatVector a = FloatVector.zero(FLOAT);
        FloatVector b = a;
        for (int i = 0; i < size; i++) {
            int at = keysAt + i * KvBlock.KEYS_TOGETHER;
            FloatVector q = FloatVector.broadcast(FLOAT, x[from + i]);
            a = CacheVectors.load(keys, at).fma(q, a);
            b = CacheVectors.load(keys, at + apart).fma(q, b);
        }
        a.intoArray(sums, to);
        b.intoArray(sums, to + WIDTH);
    }
}
