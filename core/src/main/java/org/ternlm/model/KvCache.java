package org.ternlm.model;

import java.util.Arrays;
import org.ternlm.kernel.KvBlock;
import org.ternlm.kernel.KvForm;

/// Keys and values of the positions that a sequence has passed, for every layer, in blocks of 64 positions. Grows with
/// the sequence, block by block, up to the context's length.
///
/// One sequence each; not thread-safe.
public final class KvCache {
    private final int contextLength;
    private final int heads;
    private final int headSize;
    private final KvForm form;
    /// `[layer][block]`
    private final KvBlock[][] blocks;
    private int length;

    /// An empty cache for sequences of a model of that shape, exact.
    public KvCache(ModelConfig config) {
        this(config, KvForm.F32);
    }

    /// An empty cache for sequences of a model of that shape.
    ///
    /// @param form what keys and values are stored as
    public KvCache(ModelConfig config, KvForm form) {
        contextLength = config.contextLength();
        heads = config.keyValueHeads();
        headSize = config.headSize();
        this.form = form;
        blocks = new KvBlock[config.layers()][0];
    }

    /// Bytes that a sequence of `positions` takes.
    public static long byteSize(ModelConfig config, KvForm form, int positions) {
        return (long) form.bytes(config.headSize()) * config.layers() * config.keyValueHeads() * positions;
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
        return blocks.length == 0 ? 0 : (long) blocks.length * blocks[0].length * blockBytes();
    }

    private long blockBytes() {
        return (long) form.bytes(headSize) * heads * KvBlock.POSITIONS;
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
        int count = Math.ceilDiv(needed, KvBlock.POSITIONS);
        for (int layer = 0; layer < blocks.length; layer++) {
            int present = blocks[layer].length;
            if (count > present) {
                blocks[layer] = Arrays.copyOf(blocks[layer], count);
                for (int i = present; i < count; i++) {
                    blocks[layer][i] = form.block(heads, headSize);
                }
            }
        }
    }

    /// Stores one position's keys and values of the heads `from` to `to`; the position counts once [#advance] is called.
    /// Several threads may store different heads.
    ///
    /// @param offset where those of the head `from` begin
    void put(int layer, int position, int from, int to, float[] key, float[] value, int offset) {
        KvBlock block = blocks[layer][position / KvBlock.POSITIONS];
        for (int head = from; head < to; head++) {
            int at = offset + (head - from) * headSize;
            block.put(head, position % KvBlock.POSITIONS, key, at, value, at);
        }
    }

    KvBlock block(int layer, int index) {
        return blocks[layer][index];
    }

    void advance(int positions) {
        length += positions;
    }
}
