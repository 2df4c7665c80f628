package org.ternlm.model;

import java.util.Arrays;

/// Keys and values of the positions that a sequence has passed, for every layer: `[position, keyValueSize]` floats
/// each. Grows with the sequence, up to the context's length; costs `8 · layers · keyValueSize` bytes a position.
///
/// One sequence each; not thread-safe.
public final class KvCache {
    private static final int FIRST_CAPACITY = 64;

    private final int contextLength;
    private final int width;
    private final float[][] keys;
    private final float[][] values;
    private int capacity;
    private int length;

    /// An empty cache for sequences of a model of that shape.
    public KvCache(ModelConfig config) {
        contextLength = config.contextLength();
        width = config.keyValueSize();
        keys = new float[config.layers()][0];
        values = new float[config.layers()][0];
    }

    /// Bytes that a sequence of `positions` takes.
    public static long byteSize(ModelConfig config, int positions) {
        return 8L * config.layers() * config.keyValueSize() * positions;
    }

    /// Positions passed so far.
    public int length() {
        return length;
    }

    /// Most positions that it can hold: the model's context.
    public int contextLength() {
        return contextLength;
    }

    /// Bytes held at present.
    public long byteSize() {
        return 8L * keys.length * capacity * width;
    }

    /// Forgets all positions from `length` on, so that a sequence can be continued differently.
    ///
    /// @throws IllegalArgumentException if it is not 0 to [#length()]
    public void truncate(int length) {
        if (length < 0 || length > this.length) {
            throw new IllegalArgumentException("expected 0 to %d positions, found %d".formatted(this.length, length));
        }
        this.length = length;
    }

    /// Makes room for `positions` more.
    void reserve(int positions) {
        int needed = length + positions;
        if (needed > contextLength) {
            throw new IllegalArgumentException("the context holds %d tokens, found %d".formatted(contextLength,
                    needed));
        }
        if (needed > capacity) {
            capacity = Math.min(contextLength, Math.max(needed, Math.max(FIRST_CAPACITY, capacity * 2)));
            int floats = Math.multiplyExact(capacity, width);
            for (int layer = 0; layer < keys.length; layer++) {
                keys[layer] = Arrays.copyOf(keys[layer], floats);
                values[layer] = Arrays.copyOf(values[layer], floats);
            }
        }
    }

    /// Stores one position's key and value; the position counts once [#advance] is called.
    void put(int layer, int position, float[] key, int keyOffset, float[] value, int valueOffset) {
        System.arraycopy(key, keyOffset, keys[layer], position * width, width);
        System.arraycopy(value, valueOffset, values[layer], position * width, width);
    }

    float[] keys(int layer) {
        return keys[layer];
    }

    float[] values(int layer) {
        return values[layer];
    }

    void advance(int positions) {
        length += positions;
    }
}
