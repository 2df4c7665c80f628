package org.ternlm.model;

import org.ternlm.kernel.KvBlock;
import org.ternlm.kernel.KvForm;

/// Counts the blocks of keys and values that several caches hold together: what they share counts once.
///
/// One thread at a time, for all of its caches.
public final class KvPool {
    private final ModelConfig config;
    private final KvForm form;
    private int held;
    private int growing;

    /// A pool of caches for sequences of a model of that shape.
    ///
    /// @param form what keys and values are stored as
    public KvPool(ModelConfig config, KvForm form) {
        this.config = config;
        this.form = form;
    }

    /// A new, empty cache.
    public KvCache cache() {
        return new KvCache(config, this);
    }

    /// Bytes of a block of 64 positions, all layers: memory is taken and given back in these.
    public long blockBytes() {
        return KvCache.byteSize(config, form, KvBlock.POSITIONS);
    }

    /// Blocks that a sequence of `positions` takes if it shares none.
    public static int blocks(int positions) {
        return Math.ceilDiv(positions, KvBlock.POSITIONS);
    }

    /// Blocks that caches hold.
    public int heldBlocks() {
        return held;
    }

    /// Those of them that a cache holds which was not told to [KvCache#keep].
    public int growingBlocks() {
        return growing;
    }

    KvColumn allocate() {
        KvBlock[] layers = new KvBlock[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = form.block(config.keyValueHeads(), config.headSize());
        }
        return new KvColumn(layers);
    }

    void hold(KvColumn column) {
        if (column.holders++ == 0) {
            held++;
        }
        if (column.growing++ == 0) {
            growing++;
        }
    }

    void keep(KvColumn column) {
        if (--column.growing == 0) {
            growing--;
        }
    }

    /// @param kept whether the cache that lets go was one to keep
    void release(KvColumn column, boolean kept) {
        if (!kept) {
            keep(column);
        }
        if (--column.holders == 0) {
            held--;
        }
    }
}
