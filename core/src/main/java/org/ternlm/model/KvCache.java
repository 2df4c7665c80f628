package org.ternlm.model;

import java.util.Arrays;
import org.ternlm.kernel.KvBlock;
import org.ternlm.kernel.KvForm;

/// Keys and values of the positions that a sequence has passed, for every layer, in blocks of 64 positions. Grows with
/// the sequence, block by block, up to the context's length.
///
/// A [fork][#fork] shares the blocks of the positions that both have. A shared block is never written: who has to write
/// into it takes a copy first.
///
/// One sequence each; not thread-safe, and one thread at a time for it and its forks.
public final class KvCache {
    private static final KvColumn[] NONE = {};

    private final int contextLength;
    private final int headSize;
    private final KvPool pool;
    private KvColumn[] columns = NONE;
    private int length;
    private boolean kept;

    /// An empty cache for sequences of a model of that shape, exact.
    public KvCache(ModelConfig config) {
        this(config, KvForm.F32);
    }

    /// An empty cache for sequences of a model of that shape.
    ///
    /// @param form what keys and values are stored as
    public KvCache(ModelConfig config, KvForm form) {
        this(config, new KvPool(config, form));
    }

    KvCache(ModelConfig config, KvPool pool) {
        this(config.contextLength(), config.headSize(), pool);
    }

    private KvCache(int contextLength, int headSize, KvPool pool) {
        this.contextLength = contextLength;
        this.headSize = headSize;
        this.pool = pool;
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

    /// Bytes held at present, shared ones included.
    public long byteSize() {
        return columns.length * pool.blockBytes();
    }

    /// Blocks held at present, shared ones included.
    public int blocks() {
        return columns.length;
    }

    /// Forgets all positions from `length` on, so that a sequence can be continued differently.
    ///
    /// @throws IllegalArgumentException if it is not 0 to [#length()]
    public void truncate(int length) {
        checkLength(length);
        this.length = length;
    }

    /// A cache of the first `length` positions, which can be continued differently. It takes no memory until it grows.
    ///
    /// @throws IllegalArgumentException if it is not 0 to [#length()]
    public KvCache fork(int length) {
        checkLength(length);
        KvCache fork = new KvCache(contextLength, headSize, pool);
        fork.columns = Arrays.copyOf(columns, KvPool.blocks(length));
        fork.length = length;
        for (KvColumn column : fork.columns) {
            pool.hold(column);
        }
        return fork;
    }

    /// Blocks that it would take to grow to `positions`, copies of shared ones included.
    public int missingBlocks(int positions) {
        int missing = Math.max(0, KvPool.blocks(positions) - columns.length);
        for (int i = length / KvBlock.POSITIONS; i < Math.min(KvPool.blocks(positions), columns.length); i++) {
            missing += columns[i].holders > 1 ? 1 : 0;
        }
        return missing;
    }

    /// From now on this cache does not grow, and its memory no longer counts among [KvPool#growingBlocks()].
    public void keep() {
        if (!kept) {
            kept = true;
            for (KvColumn column : columns) {
                pool.keep(column);
            }
        }
    }

    /// Forgets all positions and lets go of the memory.
    public void release() {
        for (KvColumn column : columns) {
            pool.release(column, kept);
        }
        columns = NONE;
        length = 0;
    }

    private void checkLength(int length) {
        if (length < 0 || length > this.length) {
            throw new IllegalArgumentException("expected 0 to %d positions, found %d".formatted(this.length, length));
        }
    }

    /// Makes room for `positions` more.
    void reserve(int positions) {
        if (kept) {
            throw new IllegalStateException("a cache that is kept does not grow");
        }
        int needed = length + positions;
        if (needed > contextLength) {
            throw new IllegalArgumentException("the context holds %d tokens, found %d".formatted(contextLength,
                    needed));
        }
        int count = KvPool.blocks(needed);
        for (int i = length / KvBlock.POSITIONS; i < Math.min(count, columns.length); i++) {
            if (columns[i].holders > 1) {
                KvColumn own = columns[i].copy();
                pool.release(columns[i], false);
                pool.hold(own);
                columns[i] = own;
            }
        }
        int present = columns.length;
        if (count > present) {
            columns = Arrays.copyOf(columns, count);
            for (int i = present; i < count; i++) {
                columns[i] = pool.allocate();
                pool.hold(columns[i]);
            }
        }
    }

    /// Stores one position's keys and values of the heads `from` to `to`; the position counts once [#advance] is called.
    /// Several threads may store different heads.
    ///
    /// @param offset where those of the head `from` begin
    void put(int layer, int position, int from, int to, float[] key, float[] value, int offset) {
        KvBlock block = block(layer, position / KvBlock.POSITIONS);
        for (int head = from; head < to; head++) {
            int at = offset + (head - from) * headSize;
            block.put(head, position % KvBlock.POSITIONS, key, at, value, at);
        }
    }

    KvBlock block(int layer, int index) {
        return columns[index].layer(layer);
    }

    void advance(int positions) {
        length += positions;
    }
}
