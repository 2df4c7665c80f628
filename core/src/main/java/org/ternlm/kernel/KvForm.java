package org.ternlm.kernel;

/// What keys and values of passed positions are stored as.
public enum KvForm {
    /// As they were computed.
    F32,
    /// Rounded to the upper half of a float: 8 significant bits.
    BF16,
    /// Rounded to int8 with one scale for each position and head, 1/127 of the largest magnitude.
    INT8;

    /// Bytes of one position of one head, key and value together.
    public int bytes(int headSize) {
        return switch (this) {
            case F32 -> 2 * Float.BYTES * headSize;
            case BF16 -> 2 * Short.BYTES * headSize;
            case INT8 -> 2 * (headSize + Float.BYTES);
        };
    }

    /// An empty block.
    public KvBlock block(int heads, int headSize) {
        int size = Math.multiplyExact(heads, headSize * KvBlock.POSITIONS);
        int scales = heads * KvBlock.POSITIONS;
        return switch (this) {
            case F32 -> new KvBlock.Floats(headSize, new float[size], new float[size]);
            case BF16 -> new KvBlock.Halves(headSize, new short[size], new short[size]);
            case INT8 -> new KvBlock.Bytes(headSize, new byte[size + KvBlock.Bytes.MARGIN], new float[scales],
                    new byte[size + KvBlock.Bytes.MARGIN], new float[scales]);
        };
    }
}
