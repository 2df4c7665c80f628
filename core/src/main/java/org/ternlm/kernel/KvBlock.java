package org.ternlm.kernel;

import org.ternlm.tensor.BFloat16;

/// The keys and values of 64 consecutive positions of one layer, all heads.
///
/// Keys lie with sixteen positions side by side, values with the elements of a head side by side, so that neither scores
/// nor mixtures need sums across a vector, and one position's key is written to neighbouring places:
///
/// ```
/// keys     [heads, 4, headSize, 16]     element i of position p of head h at
///                                       ((h · 4 + p / 16) · headSize + i) · 16 + p mod 16
/// values   [heads, 64, headSize]        at (h · 64 + p) · headSize + i
/// scales   [heads, 64]                  of int8 alone
/// ```
///
/// Mutable, as a cache is: written by [#put], read by [AttentionKernel]. Not thread-safe while it is written.
// The arrays are the content.
@SuppressWarnings("ArrayRecordComponent")
public sealed interface KvBlock {
    /// Positions of a block.
    int POSITIONS = 64;

    /// Positions whose keys lie side by side.
    int KEYS_TOGETHER = 16;

    /// Elements of a head.
    int headSize();

    /// Stores the key and the value of one position of one head.
    ///
    /// @param position 0 to 63
    void put(int head, int position, float[] key, int keyAt, float[] value, int valueAt);

    /// Another block with the same content.
    KvBlock copy();

    /// Where the key of a position of a head begins; its elements are [#KEYS_TOGETHER] apart.
    default int keyOf(int head, int position) {
        int group = (head * POSITIONS + position) / KEYS_TOGETHER;
        return group * headSize() * KEYS_TOGETHER + position % KEYS_TOGETHER;
    }

    /// Where the values of a position of a head begin.
    default int valuesOf(int head, int position) {
        return (head * POSITIONS + position) * headSize();
    }

    /// As [KvForm#F32].
    record Floats(int headSize, float[] keys, float[] values) implements KvBlock {
        @Override
        public KvBlock copy() {
            return new Floats(headSize, keys.clone(), values.clone());
        }

        @Override
        public void put(int head, int position, float[] key, int keyAt, float[] value, int valueAt) {
            int at = keyOf(head, position);
            for (int i = 0; i < headSize; i++) {
                keys[at + i * KEYS_TOGETHER] = key[keyAt + i];
            }
            System.arraycopy(value, valueAt, values, valuesOf(head, position), headSize);
        }
    }

    /// As [KvForm#BF16].
    record Halves(int headSize, short[] keys, short[] values) implements KvBlock {
        @Override
        public KvBlock copy() {
            return new Halves(headSize, keys.clone(), values.clone());
        }

        @Override
        public void put(int head, int position, float[] key, int keyAt, float[] value, int valueAt) {
            int at = keyOf(head, position);
            int to = valuesOf(head, position);
            for (int i = 0; i < headSize; i++) {
                keys[at + i * KEYS_TOGETHER] = BFloat16.fromFloat(key[keyAt + i]);
                values[to + i] = BFloat16.fromFloat(value[valueAt + i]);
            }
        }
    }

    /// As [KvForm#INT8]: element = scale · byte, scale = max|element| / 127, byte = round(element · (127 / max|element|)),
    /// half to even. A head of zeros has the scale 0.
    record Bytes(int headSize, byte[] keys, float[] keyScales, byte[] values, float[] valueScales) implements KvBlock {
        /// Bytes behind the last, so that vectors wider than what is wanted of them can be read.
        static final int MARGIN = 16;
        private static final float MOST = 127;

        @Override
        public KvBlock copy() {
            return new Bytes(headSize, keys.clone(), keyScales.clone(), values.clone(), valueScales.clone());
        }

        @Override
        public void put(int head, int position, float[] key, int keyAt, float[] value, int valueAt) {
            int scale = head * POSITIONS + position;
            keyScales[scale] = round(key, keyAt, keys, keyOf(head, position), KEYS_TOGETHER);
            valueScales[scale] = round(value, valueAt, values, valuesOf(head, position), 1);
        }

        private float round(float[] x, int from, byte[] bytes, int to, int stride) {
            float largest = 0;
            for (int i = from; i < from + headSize; i++) {
                largest = Math.max(largest, Math.abs(x[i]));
            }
            float inverse = largest > 0 ? MOST / largest : 0;
            // The inverse of the smallest floats is infinite; they count as zeros. What is no number stays none.
            boolean vanishes = inverse == Float.POSITIVE_INFINITY;
            for (int i = 0; i < headSize; i++) {
                bytes[to + i * stride] = vanishes ? 0 : (byte) Math.rint(x[from + i] * inverse);
            }
            return vanishes ? 0 : largest / MOST;
        }
    }
}
